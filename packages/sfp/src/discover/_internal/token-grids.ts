import { mixedStateTree, type Process } from "@semifactor/ghmm";

/** Tokens arranged in a grid: row `u` and column `y` hold token `tokens[u * columns + y]`. */
export interface TokenGrid {
  readonly rows: number;
  readonly columns: number;
  readonly tokens: readonly number[];
}

/** The ways to write `n` as `rows * columns` with `2 <= rows <= columns`. */
export function gridShapes(n: number): readonly (readonly [rows: number, columns: number])[] {
  const shapes: (readonly [number, number])[] = [];
  for (let rows = 2; rows * rows <= n; rows++) if (n % rows === 0) shapes.push([rows, n / rows]);
  return shapes;
}

/**
 * Every arrangement of the tokens `0..rows * columns - 1` in a grid, up to the order of rows and of columns and, in a square, up to
 * their exchange: `(rows * columns)! / (rows! columns!)` grids, half as many in a square.
 */
export function* tokenGrids(rows: number, columns: number): Generator<TokenGrid> {
  const tokens = new Array<number>(rows * columns).fill(0);
  const free = new Set(tokens.keys());
  free.delete(0);
  // one grid of each class: token 0 first, the first row and the first column ascending
  const least = (at: number): number => {
    if (at < columns) return (tokens[at - 1] ?? 0) + 1;
    if (at % columns !== 0) return 0;
    const above = (tokens[at - columns] ?? 0) + 1;
    return rows === columns && at === columns ? Math.max(above, (tokens[1] ?? 0) + 1) : above;
  };
  function* fill(at: number): Generator<TokenGrid> {
    if (at === tokens.length) {
      yield { rows, columns, tokens: [...tokens] };
      return;
    }
    for (const token of [...free].filter((one) => one >= least(at)).sort((a, b) => a - b)) {
      tokens[at] = token;
      free.delete(token);
      yield* fill(at + 1);
      free.add(token);
    }
  }
  yield* fill(1);
}

/** `P(x)` and `P(x x')`, `[V]` and `[V^2]`. */
export interface ShortWords {
  readonly single: Float64Array;
  readonly pairs: Float64Array;
}

/** Probabilities of the words of one and of two tokens. */
export function shortWords(process: Process): ShortWords {
  const size = process.alphabet.length;
  const { nodeCount, parent, token, probability } = mixedStateTree(process, { depth: 2, withBeliefs: false });
  const [single, pairs] = [new Float64Array(size), new Float64Array(size * size)];
  for (let node = 1; node < nodeCount; node++) {
    const [own, before] = [token[node] ?? 0, parent[node] ?? 0];
    if (before === 0) single[own] = probability[node] ?? 0;
    else pairs[(token[before] ?? 0) * size + own] = probability[node] ?? 0;
  }
  return { single, pairs };
}

/** Largest `|P(u, y) - P(u) P(y)|` of a law over the cells of a grid of any shape, given as `cell(row, column)`. */
function dependence(rows: number, columns: number, cell: (row: number, column: number) => number): number {
  const [rowSums, columnSums] = [new Float64Array(rows), new Float64Array(columns)];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      rowSums[i] = (rowSums[i] ?? 0) + cell(i, j);
      columnSums[j] = (columnSums[j] ?? 0) + cell(i, j);
    }
  }
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      worst = Math.max(worst, Math.abs(cell(i, j) - (rowSums[i] ?? 0) * (columnSums[j] ?? 0)));
    }
  }
  return worst;
}

/** Largest `|P - P_U P_Y|` of a grid over the words of one token, or of two where one token shows nothing. */
export function shortWordDependence(words: ShortWords, grid: TokenGrid, enough: number): number {
  const { rows, columns, tokens } = grid;
  const size = tokens.length;
  const one = dependence(rows, columns, (u, y) => words.single[tokens[u * columns + y] ?? 0] ?? 0);
  if (one > enough) return one;
  return dependence(rows * rows, columns * columns, (u, y) => {
    const first = tokens[Math.floor(u / rows) * columns + Math.floor(y / columns)] ?? 0;
    const second = tokens[(u % rows) * columns + (y % columns)] ?? 0;
    return words.pairs[first * size + second] ?? 0;
  });
}
