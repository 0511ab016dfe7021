import { factorAt, finishFunctions, type GemmSpec, type GemmTiling } from "./gemm-spec.ts";
import { unroll } from "./unroll.ts";

/** Rows of the tile of four invocations, in fours: invocation q loads every fourth row and hands it to the others. */
const rowFours = 4;
/** Columns of the tile, in fours: invocation q has every fourth column. */
const columnFours = 8;
const height = 4 * rowFours;
const width = 4 * columnFours;
const lanes = 16;

/** What one loop covers: fours of rows and of columns, and terms of the sum per turn. */
interface Extent {
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** A loop over whole turns of what is left of the terms. Each sum is one expression per turn, in the order of its terms: between turns it goes through memory. */
function loop({ left, right, finish, sums }: GemmSpec, { rows, columns, terms }: Extent): string {
  const each = (step: (term: number) => string): readonly string[] => Array.from({ length: terms }, (_, t) => step(t));
  const chain = (sum: string, term: (t: number) => string): string => `${sum} = ${[sum, ...each(term)].join(" + ")};`;
  const multiply = (r: number): string =>
    unroll(columns, (c) => chain(`c${r}_${c}`, (t) => `s${t} * b${t}_${c}`)).replaceAll("\n", " ");
  const share = (i: number, q: number): string =>
    `{ ${each((t) => `let s${t} = quadBroadcast(a${t}, ${q}u);`).join(" ")} ${multiply(4 * i + q)} }`;
  return `for (; first_term + ${terms}u <= k; first_term += ${terms}u) {
${each((t) => `let term${t} = first_term + ${t}u;`).join("\n")}
${each((t) => unroll(columns, (c) => `let b${t}_${c} = ${factorAt(right, `column${c}`, `term${t}`)};`)).join("\n")}
${sums?.of === "right" ? unroll(columns, (c) => chain(`total${c}`, (t) => `b${t}_${c}`)) : ""}
${unroll(
  rows,
  (i) => `{
${each((t) => `let a${t} = ${factorAt(left, `row${i}`, `term${t}`)};`).join("\n")}
${sums?.of === "left" ? chain(`total${i}`, (t) => `a${t}`) : ""}
${finish === undefined ? "" : unroll(4, (q) => share(i, q))}
}`,
)}
}`;
}

/**
 * Products for a software adapter with subgroups: four neighbouring invocations compute 16 x 32 elements in registers and hand each other the rows they load.
 * Loads and the way of sums through memory are what takes the time there, and fewer of both go with a multiplication than in {@link registerTiles}.
 */
export const quadTiles: GemmTiling = {
  workgroupSize: lanes,
  count: ({ m, n }) => Math.ceil((Math.ceil(m / height) * Math.ceil(n / width)) / (lanes / 4)),
  declarations: finishFunctions,
  body(spec) {
    const { m, n, k, finish, sums } = spec;
    const of = sums?.of === "left";
    const [outer, size, owner] = of ? ["row", "m", "column == 0u"] : ["column", "n", "row == 0u"];
    // No invocation returns early: those past the end compute the last tile too, and keep it to themselves.
    return `let m = ${m};
let n = ${n};
let k = ${k};
let across = (n + ${width - 1}u) / ${width}u;
let down = (m + ${height - 1}u) / ${height}u;
let index = flat_group(group) * ${lanes / 4}u + lane / 4u;
let wanted = index < across * down;
let tile_index = min(index, across * down - 1u);
let row = ${height}u * (tile_index / across);
let column = ${width}u * (tile_index % across);
let q = subgroup_lane & 3u;
${unroll(rowFours, (i) => `let row${i} = min(row + ${4 * i}u + q, m - 1u);`)}
${unroll(columnFours, (i) => `let column${i} = min(column + ${4 * i}u + q, n - 1u);`)}
${sums === undefined ? "" : unroll(of ? rowFours : columnFours, (i) => `var total${i}: f32;`)}
${unroll(height, (r) => unroll(columnFours, (c) => `var c${r}_${c}: f32;`))}
var first_term = 0u;
if (n <= 8u) {
${loop(spec, { rows: rowFours, columns: 2, terms: 1 })}
}
${loop(spec, { rows: rowFours, columns: columnFours, terms: 4 })}
${loop(spec, { rows: rowFours, columns: columnFours, terms: 1 })}
if (!wanted) { return; }
${
  finish === undefined
    ? ""
    : unroll(
        columnFours,
        (c) => `if (column + ${4 * c}u + q < n) {
${unroll(height, (r) => `if (row + ${r}u < m) { finish(row + ${r}u, column + ${4 * c}u + q, c${r}_${c}); }`)}
}`,
      )
}
${sums === undefined ? "" : `if (${owner}) {\n${unroll(of ? rowFours : columnFours, (i) => `if (${outer} + ${4 * i}u + q < ${size}) { finish_sum(${outer} + ${4 * i}u + q, total${i}); }`)}\n}`}`;
  },
};
