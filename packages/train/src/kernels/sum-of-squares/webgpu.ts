import type { WebgpuArguments, WebgpuKernel, WebgpuVariant } from "../../engines/webgpu/webgpu-kernel.ts";
import { rowSum, rowTile, tileSize } from "../_webgpu/reductions.ts";

/** Most partial sums. */
const mostParts = 1024;
/** Elements of a partial sum, at least. */
const leastPart = 1024;

const partsOf = ({ n = 0 }: WebgpuArguments): number => Math.min(mostParts, Math.max(1, Math.ceil(n / leastPart)));

/** Sums `value(i)` for i below `end`, from `first` on in steps of the lanes of a row. */
const sumAlong = (value: string, end: string, variant: WebgpuVariant): string => {
  const { lanes } = rowTile(variant);
  return `var sum = 0.0;
for (var i = lane % ${lanes}u; i < ${end}; i += ${lanes}u) { ${value} }
let total = row_sum(lane, sum);`;
};

/**
 * out[0] = sum of x[i]^2: every row of lanes sums one of at most 1024 neighbouring parts of equal length, then one row of lanes sums the parts. The order depends on
 * n and the variant alone.
 */
export const sumOfSquares: WebgpuKernel = {
  workgroupSize: tileSize,
  declarations: (variant) => `${rowSum(variant)}
fn part_count() -> u32 { return min(${mostParts}u, max(1u, (p.n + ${leastPart - 1}u) / ${leastPart}u)); }`,
  body: (variant) => {
    const { count, lanes } = rowTile(variant);
    return `let parts = part_count();
let part = group.x * ${count}u + lane / ${lanes}u;
let length = (p.n + parts - 1u) / parts;
let start = part * length;
let end = select(0u, min(length, p.n - min(start, p.n)), part < parts);
${sumAlong("let x = x_at(start + i); sum += x * x;", "end", variant)}
if (part < parts && lane % ${lanes}u == 0u) { scratch_put(part, total); }`;
  },
  workgroups: (args, variant) => [Math.ceil(partsOf(args) / rowTile(variant).count), 1],
  scratch: partsOf,
  second: {
    workgroupSize: tileSize,
    declarations: rowSum,
    body: (variant) => `let parts = min(${mostParts}u, max(1u, (p.n + ${leastPart - 1}u) / ${leastPart}u));
let end = select(0u, parts, lane < ${rowTile(variant).lanes}u);
${sumAlong("sum += scratch_at(i);", "end", variant)}
if (lane == 0u) { out_put(0u, total); }`,
    workgroups: () => [1, 1],
  },
};
