import { flatWorkgroups, type WebgpuKernel, type WebgpuVariant } from "../../engines/webgpu/webgpu-kernel.ts";

/** Elements of an invocation on a software adapter, where starting one costs more than an element. */
const software = 16;

const perInvocation = ({ gemm }: WebgpuVariant): number => (gemm === "register-tiles" ? software : 1);
const sizeOf = ({ gemm }: WebgpuVariant): number => (gemm === "register-tiles" ? 64 : 256);

/** Options of {@link elementwise}. */
export interface ElementwiseOptions {
  /** WGSL for the element `i`. */
  readonly body: string;
  readonly declarations?: string;
  /** Number of elements as WGSL, `p.n` by default. */
  readonly count?: string;
  /** The same number from the arguments, `n` by default. */
  readonly countOf?: (args: Readonly<Record<string, number>>) => number;
}

/** A kernel that does something to every element on its own. */
export function elementwise(options: ElementwiseOptions): WebgpuKernel {
  const { body, declarations = "", count = "p.n", countOf = ({ n = 0 }) => n } = options;
  return {
    workgroupSize: sizeOf,
    declarations: `${declarations}
fn element(i: u32) {
${body}
}`,
    body: (variant) => {
      const [size, each] = [sizeOf(variant), perInvocation(variant)];
      return `let start = flat_group(group) * ${size * each}u + lane;
let end = min(${count}, start + ${size * each}u);
for (var i = start; i < end; i += ${size}u) { element(i); }`;
    },
    workgroups: (args, variant) =>
      flatWorkgroups(Math.ceil(countOf(args) / (sizeOf(variant) * perInvocation(variant)))),
  };
}
