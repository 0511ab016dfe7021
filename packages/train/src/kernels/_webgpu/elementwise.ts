import { flatWorkgroups, type WebgpuKernel, type WebgpuSource } from "../../engines/webgpu/webgpu-kernel.ts";

const size = 256;

/** Options of {@link elementwise}. */
export interface ElementwiseOptions {
  /** WGSL for the element `i`. */
  readonly body: string;
  readonly declarations?: WebgpuSource;
  /** Number of elements as WGSL, `p.n` by default. */
  readonly count?: string;
  /** The same number from the arguments, `n` by default. */
  readonly countOf?: (args: Readonly<Record<string, number>>) => number;
}

/** A kernel that does something to every element on its own. */
export function elementwise(options: ElementwiseOptions): WebgpuKernel {
  const { body, declarations, count = "p.n", countOf = ({ n = 0 }) => n } = options;
  return {
    workgroupSize: size,
    ...(declarations === undefined ? {} : { declarations }),
    body: `let i = flat_group(group) * ${size}u + lane;
if (i >= ${count}) { return; }
${body}`,
    workgroups: (args) => flatWorkgroups(Math.ceil(countOf(args) / size)),
  };
}
