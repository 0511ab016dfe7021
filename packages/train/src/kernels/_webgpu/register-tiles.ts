import { factorAt, finishFunctions, type GemmTiling } from "./gemm-spec.ts";
import { unroll } from "./unroll.ts";

/** Elements of a tile down and across. */
const edge = 8;
/** Few, so that the tiles of a small product are spread over all cores. */
const lanes = 16;

/** Products for a software adapter: each invocation computes 8 x 8 elements in registers, without workgroup memory or barriers. */
export const registerTiles: GemmTiling = {
  workgroupSize: lanes,
  count: ({ m, n }) => Math.ceil((Math.ceil(m / edge) * Math.ceil(n / edge)) / lanes),
  declarations: finishFunctions,
  body({ m, n, k, left, right, finish, sums }) {
    const halves = [0, 1];
    const vector = (half: number): string =>
      `vec4(${[0, 1, 2, 3].map((j) => factorAt(right, `column${4 * half + j}`, "term")).join(", ")})`;
    const elements = (r: number): string =>
      halves.map((half) => (finish === undefined ? "" : `c${r}_${half} += a * b${half};`)).join(" ");
    const outerSum = sums?.of === "left" ? (r: number): string => `total${r} += a;` : (): string => "";
    const [outer, size, owner] = sums?.of === "left" ? ["row", "m", "column == 0u"] : ["column", "n", "row == 0u"];
    const sum = (i: number): string => (sums?.of === "left" ? `total${i}` : `total${Math.floor(i / 4)}[${i % 4}]`);
    return `let m = ${m};
let n = ${n};
let k = ${k};
let across = (n + ${edge - 1}u) / ${edge}u;
let index = flat_group(group) * ${lanes}u + lane;
let row = ${edge}u * (index / across);
let column = ${edge}u * (index % across);
if (row >= m) { return; }
${unroll(edge, (i) => `let row${i} = min(row + ${i}u, m - 1u);\nlet column${i} = min(column + ${i}u, n - 1u);`)}
${unroll(edge, (r) => `var c${r}_0: vec4<f32>;\nvar c${r}_1: vec4<f32>;`)}
${sums?.of === "left" ? unroll(edge, (r) => `var total${r}: f32;`) : "var total0: vec4<f32>;\nvar total1: vec4<f32>;"}
for (var term = 0u; term < k; term++) {
${halves.map((half) => `let b${half} = ${vector(half)};`).join("\n")}
${sums?.of === "right" ? "total0 += b0;\ntotal1 += b1;" : ""}
${unroll(edge, (r) => `{ let a = ${factorAt(left, `row${r}`, "term")}; ${elements(r)} ${outerSum(r)} }`)}
}
${
  finish === undefined
    ? ""
    : unroll(
        edge,
        (r) => `if (row + ${r}u < m) {
${unroll(edge, (c) => `if (column + ${c}u < n) { finish(row + ${r}u, column + ${c}u, c${r}_${Math.floor(c / 4)}[${c % 4}]); }`)}
}`,
      )
}
${sums === undefined ? "" : `if (${owner}) {\n${unroll(edge, (i) => `if (${outer} + ${i}u < ${size}) { finish_sum(${outer} + ${i}u, ${sum(i)}); }`)}\n}`}`;
  },
};
