import {
  flatWorkgroups,
  type WebgpuArguments,
  type WebgpuKernel,
  type WebgpuVariant,
} from "../../engines/webgpu/webgpu-kernel.ts";
import type { GemmSizes, GemmSpec, GemmTiling } from "./gemm-spec.ts";
import { quadTiles } from "./quad-tiles.ts";
import { registerTiles } from "./register-tiles.ts";
import { sharedTiles } from "./shared-tiles.ts";

function tilingOf({ gemm, subgroups }: WebgpuVariant): GemmTiling {
  if (gemm === "shared-tiles") return sharedTiles;
  return subgroups ? quadTiles : registerTiles;
}

/** A kernel that computes one product, by the tiles that suit the adapter; `specOf` gives it for the buffers that are absent. */
export function gemmKernel(
  specOf: (absent: ReadonlySet<string>) => GemmSpec,
  sizesOf: (args: WebgpuArguments) => GemmSizes,
): WebgpuKernel {
  return {
    workgroupSize: (variant) => tilingOf(variant).workgroupSize,
    declarations: (variant, absent) => tilingOf(variant).declarations(specOf(absent)),
    body: (variant, absent) => tilingOf(variant).body(specOf(absent)),
    workgroups: (args, variant) => {
      const { m, n } = sizesOf(args);
      return m === 0 || n === 0 ? [0, 1] : flatWorkgroups(tilingOf(variant).count({ m, n }));
    },
  };
}
