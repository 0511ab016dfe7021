import { compileCode, index, range } from "./compiled-code.ts";

/** Writes the Kronecker products of rows `0 .. rows - 1` of some matrices, one after the other, to `out` from `at` on. */
export type ProductWriter = (matrices: readonly Float64Array[], rows: number, out: Float64Array, at: number) => void;

/** Joint entries up to which every store is written out. */
const MOST_ENTRIES = 1024;

/** Number of entries of a Kronecker product. */
export const jointSize = (columns: readonly number[]): number => columns.reduce((product, d) => product * d, 1);

/** Names of the entries of the product of some rows, and the code that computes them. */
function nameProducts(columns: readonly number[], first: number, prefix: string) {
  const lines: string[] = [];
  let names: readonly string[] = [];
  columns.forEach((d, n) => {
    const loaded = range(d).map((j) => `m${first + n}_${j}`);
    lines.push(...loaded.map((name, j) => `const ${name}=m${first + n}[${index(`i${first + n}`, j)}];`));
    if (n === 0) {
      names = loaded;
      return;
    }
    const next = names.flatMap((left, a) =>
      loaded.map((right, j) => ({ name: `${prefix}${n}_${a * d + j}`, left, right })),
    );
    lines.push(...next.map(({ name, left, right }) => `const ${name}=${left}*${right};`));
    names = next.map(({ name }) => name);
  });
  return { lines, names };
}

/** Straight-line code for matrices with these numbers of columns; undefined as for {@link compileCode}, or if it is too long. */
export function compileProduct(columns: readonly number[]): ProductWriter | undefined {
  const size = jointSize(columns);
  if (size > MOST_ENTRIES) return undefined;
  const half = columns.length >> 1;
  const left = nameProducts(columns.slice(0, half), 0, "l");
  const right = nameProducts(columns.slice(half), half, "r");
  const slow = left.names.length === 0 ? ["1"] : left.names;
  const stores = slow.flatMap((l, a) =>
    right.names.map((r, c) => `out[${index("to", a * right.names.length + c)}]=${l}*${r};`),
  );
  return compileCode<ProductWriter>(
    ["matrices", "rows", "out", "at"],
    [
      ...columns.map((_, n) => `const m${n}=matrices[${n}];let i${n}=0;`),
      "for(let row=0,to=at|0;row<rows;row=row+1|0){",
      ...left.lines,
      ...right.lines,
      ...stores,
      ...columns.map((d, n) => `i${n}=i${n}+${d}|0;`),
      `to=to+${size}|0;}`,
    ].join(""),
  );
}

/** The same in loops. */
export function writeProductLoop(columns: readonly number[]): ProductWriter {
  const size = jointSize(columns);
  return (matrices, rows, out, at) => {
    for (let row = 0, start = at; row < rows; row++, start += size) {
      out[start] = 1;
      for (let n = 0, held = 1; n < columns.length; n++) {
        const vector = matrices[n] ?? out;
        const d = columns[n] ?? 1;
        // backwards, so that what is there already is read before it is written over
        for (let from = held - 1; from >= 0; from--) {
          const left = out[start + from] ?? 0;
          for (let j = d - 1; j >= 0; j--) out[start + from * d + j] = left * (vector[row * d + j] ?? 0);
        }
        held *= d;
      }
    }
  };
}
