import { factorAt, finishFunctions, type GemmSpec, type GemmTiling } from "./gemm-spec.ts";
import { unroll } from "./unroll.ts";

/** Elements of the tile of four invocations, down and across. */
const edge = 16;
const lanes = 16;

/** The loop over the terms for 4 `down` rows and 4 `across` columns of the tile: invocation q of four loads every fourth row and has every fourth column. */
function loop({ left, right, finish, sums }: GemmSpec, down: number, across: number): string {
  const multiply = (r: number): string =>
    unroll(across, (c) => (finish === undefined ? "" : `c${r}_${c} += s * b${c};`)).replaceAll("\n", " ");
  return `for (var term = 0u; term < k; term++) {
${unroll(across, (c) => `let b${c} = ${factorAt(right, `column${c}`, "term")};`)}
${sums?.of === "right" ? unroll(across, (c) => `total${c} += b${c};`) : ""}
${unroll(
  down,
  (i) => `{
let a = ${factorAt(left, `row${i}`, "term")};
${sums?.of === "left" ? `total${i} += a;` : ""}
${finish === undefined ? "" : unroll(4, (q) => `{ let s = quadBroadcast(a, ${q}u); ${multiply(4 * i + q)} }`)}
}`,
)}
}`;
}

/**
 * Products for a software adapter with subgroups: four neighbouring invocations compute 16 x 16 elements in registers and hand each other the rows they load, so
 * that half as many loads as in {@link registerTiles} go with a multiplication; loads are what takes the time there.
 */
export const quadTiles: GemmTiling = {
  workgroupSize: lanes,
  count: ({ m, n }) => Math.ceil((Math.ceil(m / edge) * Math.ceil(n / edge)) / (lanes / 4)),
  declarations: finishFunctions,
  body(spec) {
    const { m, n, k, finish, sums } = spec;
    const [outer, size, owner] = sums?.of === "left" ? ["row", "m", "column == 0u"] : ["column", "n", "row == 0u"];
    // No invocation returns early: those past the end compute the last tile too, and keep it to themselves.
    return `let m = ${m};
let n = ${n};
let k = ${k};
let across = (n + ${edge - 1}u) / ${edge}u;
let down = (m + ${edge - 1}u) / ${edge}u;
let index = flat_group(group) * ${lanes / 4}u + lane / 4u;
let wanted = index < across * down;
let tile_index = min(index, across * down - 1u);
let row = ${edge}u * (tile_index / across);
let column = ${edge}u * (tile_index % across);
let q = subgroup_lane & 3u;
${unroll(4, (i) => `let row${i} = min(row + ${4 * i}u + q, m - 1u);\nlet column${i} = min(column + ${4 * i}u + q, n - 1u);\nvar total${i}: f32;`)}
${unroll(edge, (r) => unroll(4, (c) => `var c${r}_${c}: f32;`))}
if (n <= 4u) {
${loop(spec, 4, 1)}
} else if (m <= 4u) {
${loop(spec, 1, 4)}
} else {
${loop(spec, 4, 4)}
}
if (!wanted) { return; }
${
  finish === undefined
    ? ""
    : unroll(
        4,
        (c) => `if (column + ${4 * c}u + q < n) {
${unroll(edge, (r) => `if (row + ${r}u < m) { finish(row + ${r}u, column + ${4 * c}u + q, c${r}_${c}); }`)}
}`,
      )
}
${sums === undefined ? "" : `if (${owner}) {\n${unroll(4, (i) => `if (${outer} + ${4 * i}u + q < ${size}) { finish_sum(${outer} + ${4 * i}u + q, total${i}); }`)}\n}`}`;
  },
};
