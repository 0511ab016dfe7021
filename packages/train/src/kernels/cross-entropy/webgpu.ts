import {
  flatWorkgroups,
  type WebgpuKernel,
  type WebgpuSource,
  type WebgpuVariant,
} from "../../engines/webgpu/webgpu-kernel.ts";

const lanes = 64;

/** Largest vocabulary of which an invocation takes a row alone; on a software adapter, where barriers are slow, it always does. */
const narrow = 64;

function rowPerInvocation(vocabulary: number, { gemm }: WebgpuVariant): boolean {
  return gemm === "register-tiles" || vocabulary <= narrow;
}

/** Reduces a value over the workgroup: within subgroups first, where the device has them, then over what is left in workgroup memory. */
const reductions: WebgpuSource = ({ gemm, subgroups }) => {
  if (gemm === "register-tiles") return "";
  const inputs = subgroups ? ", subgroup_lane: u32, subgroup_size: u32" : "";
  const [first, index, count] = subgroups
    ? [(operation: string) => `${operation}(value)`, "lane / subgroup_size", `${lanes}u / subgroup_size`]
    : [() => "value", "lane", `${lanes}u`];
  const reduce = (name: string, operation: string, join: (a: string, b: string) => string): string =>
    `fn ${name}(value: f32, lane: u32${inputs}) -> f32 {
  let part = ${first(operation)};
  ${subgroups ? "if (subgroup_lane == 0u) { " : ""}partial[${index}] = part;${subgroups ? " }" : ""}
  for (var step = max(${count}, 1u) / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { partial[lane] = ${join("partial[lane]", "partial[lane + step]")}; }
  }
  workgroupBarrier();
  let reduced = partial[0];
  workgroupBarrier();
  return reduced;
}`;
  return `var<workgroup> partial: array<f32, ${lanes}>;
${reduce("largest_of", "subgroupMax", (a, b) => `max(${a}, ${b})`)}
${reduce("total_of", "subgroupAdd", (a, b) => `${a} + ${b}`)}`;
};

/** One row: the columns `start`, `start + step`, ..., of this invocation, with reductions over all that share the row. */
function row(largest: string, total: string): string {
  return `let base = index * p.vocabulary;
let target_column = targets_int(index);
var largest = -3.4e38;
for (var c = start; c < p.vocabulary; c += step) { largest = max(largest, logits_at(base + c)); }
largest = ${largest};
var total = 0.0;
for (var c = start; c < p.vocabulary; c += step) { total += exp(logits_at(base + c) - largest); }
total = ${total};
if (target_column < 0) {
  if (start == 0u) { rowLoss_put(index, 0.0); }
  for (var c = start; c < p.vocabulary; c += step) { dLogits_put(base + c, 0.0); }
} else {
  if (start == 0u) { rowLoss_put(index, log(total) + largest - logits_at(base + u32(target_column))); }
  if (dLogits_present) {
    let weight = weights_at(index);
    for (var c = start; c < p.vocabulary; c += step) {
      let probability = exp(logits_at(base + c) - largest) / total;
      dLogits_put(base + c, weight * (probability - select(0.0, 1.0, c == u32(target_column))));
    }
  }
}`;
}

/** rowLoss = ln sum exp(logits) - logits[target], dLogits = weight (softmax - onehot); 0 where the target is negative. */
export const crossEntropy: WebgpuKernel = {
  workgroupSize: lanes,
  declarations: reductions,
  body: ({ gemm, subgroups }) => {
    const alone = `let index = flat_group(group) * ${lanes}u + lane;
if (index >= p.rows) { return; }
let start = 0u;
let step = 1u;
${row("largest", "total")}`;
    if (gemm === "register-tiles") return alone;
    const inputs = subgroups ? "lane, subgroup_lane, subgroup_size" : "lane";
    return `if (p.vocabulary <= ${narrow}u) {
${alone}
} else {
let index = flat_group(group);
if (index >= p.rows) { return; }
let start = lane;
let step = ${lanes}u;
${row(`largest_of(largest, ${inputs})`, `total_of(total, ${inputs})`)}
}`;
  },
  workgroups: ({ rows = 0, vocabulary = 0 }, variant) => {
    if (rows === 0) return [0, 1];
    return flatWorkgroups(rowPerInvocation(vocabulary, variant) ? Math.ceil(rows / lanes) : rows);
  },
};
