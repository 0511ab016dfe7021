import type { WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { scalarIndex } from "../_internal/optimizer-scalars.ts";

const { clip, clipScale: factor, gradientNorm } = scalarIndex;

/** scalars[gradientNorm] = sqrt(sumsq); scalars[clipScale] = min(1, clip / (norm + 1e-6)), or 1 where clip <= 0; NaN stays NaN. */
export const clipScale: WebgpuKernel = {
  workgroupSize: 1,
  body: `let norm = sqrt(sumsq_at(0u));
let limit = scalars_at(${clip}u);
let ratio = limit / (norm + 1e-6);
scalars_put(${gradientNorm}u, norm);
scalars_put(${factor}u, select(1.0, select(ratio, 1.0, ratio > 1.0), limit > 0.0));`,
  workgroups: () => [1, 1],
};
