import { factorAt, finishFunctions, type GemmFactor, type GemmSizes, type GemmTiling } from "./gemm-spec.ts";
import { unroll } from "./unroll.ts";

/** Terms of the sum that are in workgroup memory at a time. */
const depth = 16;
const lanes = 64;

/** Invocations down and across a tile of 4 x 4 elements each: 32 x 32 elements, or longer and narrower where the product has few columns or few rows. */
function arrangement({ m, n }: GemmSizes): { readonly down: number; readonly across: number } {
  const across = n <= 16 ? 4 : m <= 16 ? 16 : 8;
  return { down: lanes / across, across };
}

/** The same choice in WGSL. */
const arrange = "select(select(8u, 16u, m <= 16u), 4u, n <= 16u)";

/** Fills the tile of one factor: four outer indices of one term per element, zero past the end. */
function fill(
  factor: GemmFactor,
  { first, size, count, base }: Record<"first" | "size" | "count" | "base", string>,
): string {
  const [outer, term] = factor.outer === "1u" ? [`i % ${count}`, `i / ${count}`] : [`i / ${depth}u`, `i % ${depth}u`];
  return `for (var i = lane; i < ${depth}u * ${count}; i += ${lanes}u) {
  let outer = ${outer};
  let term = ${term};
  let inner = min(from_k + term, k - 1u);
  let at = ${first} + 4u * outer;
  let value = vec4(${[0, 1, 2, 3].map((j) => factorAt(factor, `min(at + ${j}u, ${size} - 1u)`, "inner")).join(", ")});
  tile[${base} + term * (${count} + 1u) + outer] = select(vec4<f32>(), value, from_k + term < k);
}`;
}

/**
 * Products for a GPU: a workgroup computes one tile of the product, each invocation 4 x 4 elements in registers, from tiles of both factors in workgroup memory,
 * 16 terms of the sum at a time. Every element is summed in the order of its terms.
 */
export const sharedTiles: GemmTiling = {
  workgroupSize: lanes,
  count(sizes) {
    const { down, across } = arrangement(sizes);
    return Math.ceil(sizes.m / (4 * down)) * Math.ceil(sizes.n / (4 * across));
  },
  // The largest arrangement is 4 by 16 invocations; a vector more per term keeps writes of different terms in different banks.
  declarations: (spec) => `var<workgroup> tile: array<vec4<f32>, ${depth * (4 + 16 + 2)}>;\n${finishFunctions(spec)}`,
  body({ m, n, k, left, right, finish, sums }) {
    const add = [
      ...(finish === undefined ? [] : unroll(4, (r) => `c${r} += a[${r}] * b;`).split("\n")),
      ...(sums === undefined ? [] : [`total += ${sums.of === "left" ? "a" : "b"};`]),
    ].join("\n");
    const put = (r: number, c: number): string =>
      `if (column + ${c}u < n) { finish(row + ${r}u, column + ${c}u, c${r}[${c}]); }`;
    const [outer, size, owner] = sums?.of === "left" ? ["row", "m", "column == 0u"] : ["column", "n", "row == 0u"];
    return `let m = ${m};
let n = ${n};
let k = ${k};
let across = ${arrange};
let down = ${lanes}u / across;
let tiles_across = (n + 4u * across - 1u) / (4u * across);
let tile_index = flat_group(group);
let first_row = 4u * down * (tile_index / tiles_across);
let first_column = 4u * across * (tile_index % tiles_across);
if (first_row >= m) { return; }
let right_base = ${depth}u * (down + 1u);
let left_lane = lane / across;
let right_lane = lane % across;
var c0: vec4<f32>;
var c1: vec4<f32>;
var c2: vec4<f32>;
var c3: vec4<f32>;
var total: vec4<f32>;
for (var from_k = 0u; from_k < k; from_k += ${depth}u) {
${fill(left, { first: "first_row", size: "m", count: "down", base: "0u" })}
${fill(right, { first: "first_column", size: "n", count: "across", base: "right_base" })}
workgroupBarrier();
for (var term = 0u; term < ${depth}u; term++) {
let a = tile[term * (down + 1u) + left_lane];
let b = tile[right_base + term * (across + 1u) + right_lane];
${add}
}
workgroupBarrier();
}
let row = first_row + 4u * left_lane;
let column = first_column + 4u * right_lane;
${finish === undefined ? "" : unroll(4, (r) => `if (row + ${r}u < m) {\n${unroll(4, (c) => put(r, c))}\n}`)}
${sums === undefined ? "" : `if (${owner}) {\n${unroll(4, (i) => `if (${outer} + ${i}u < ${size}) { finish_sum(${outer} + ${i}u, total[${i}]); }`)}\n}`}`;
  },
};
