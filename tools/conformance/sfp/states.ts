/** Density matrices that vectors are about, as rows. */
export type Rows = readonly (readonly number[])[];

const outer = (psi: readonly number[], scale = 1): Rows => psi.map((x) => psi.map((y) => scale * x * y));

const sum = (...terms: readonly Rows[]): Rows =>
  (terms[0] ?? []).map((row, i) => row.map((_, j) => terms.reduce((total, term) => total + (term[i]?.[j] ?? 0), 0)));

const scaled = (rows: Rows, factor: number): Rows => rows.map((row) => row.map((x) => factor * x));

const identity = (d: number): Rows =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? 1 : 0)));

const kronecker = (a: readonly number[], b: readonly number[]): readonly number[] =>
  a.flatMap((x) => b.map((y) => x * y));

const unit = (psi: readonly number[]): readonly number[] => {
  const length = Math.sqrt(psi.reduce((total, x) => total + x * x, 0));
  return psi.map((x) => x / length);
};

/** `(|00> + |11>) / sqrt 2`. */
export const BELL = outer(unit([1, 0, 0, 1]));
const SINGLET = outer(unit([0, 1, -1, 0]));
/** Werner states: entangled above 1/3. */
export const werner = (p: number): Rows => sum(scaled(SINGLET, p), scaled(identity(4), (1 - p) / 4));
/** A pure state of 2 x 3 without symmetry. */
export const PURE = outer([0.5, 0.5, 0.5, 0.1, 0.1, Math.sqrt(0.23)]);
/** A mixed state of 2 x 3. */
export const MIXED = sum(
  outer([0.5, 0.5, 0.5, 0.1, 0.1, Math.sqrt(0.23)], 0.5),
  outer([0.6, 0, 0, 0, 0.8, 0], 0.25),
  scaled(identity(6), 0.25 / 6),
);
/** A mixed state of 2 x 2 with an imaginary part: `(3/4) |v><v| + I / 16`, `v = (1, i, 1 + i, 0) / 2`. */
export const COMPLEX: { readonly density: Rows; readonly imaginary: Rows } = {
  density: [
    [0.25, 0, 0.1875, 0],
    [0, 0.25, 0.1875, 0],
    [0.1875, 0.1875, 0.4375, 0],
    [0, 0, 0, 0.0625],
  ],
  imaginary: [
    [0, -0.1875, -0.1875, 0],
    [0.1875, 0, 0.1875, 0],
    [0.1875, -0.1875, 0, 0],
    [0, 0, 0, 0],
  ],
};
const R = Math.SQRT1_2;
const TILE_VECTORS = [
  kronecker([1, 0, 0], [R, -R, 0]),
  kronecker([R, -R, 0], [0, 0, 1]),
  kronecker([0, 0, 1], [0, R, -R]),
  kronecker([0, R, -R], [1, 0, 0]),
  unit(new Array<number>(9).fill(1)),
];
/** What the five tiles of 3 x 3 leave: entangled with a positive partial transpose. */
export const TILES = scaled(sum(identity(9), ...TILE_VECTORS.map((psi) => outer(psi, -1))), 1 / 4);

const LOCAL = [
  [unit([1, 2, 0]), unit([1, 1, 1])],
  [unit([1, 0, 1]), unit([2, 0, 1])],
  [unit([0, 1, 1]), unit([0, 1, -1])],
  [unit([1, -1, 1]), unit([1, 2, 1])],
] as const;
const products = LOCAL.map(([a, c]) => outer(kronecker(a, c)));
/** A mixture of two products of 3 x 3. */
export const TWO_PRODUCTS = sum(scaled(products[0] ?? [], 0.5), scaled(products[1] ?? [], 0.5));
/** A mixture of four products of 3 x 3, on which no criterion decides. */
export const FOUR_PRODUCTS = sum(...products.map((each, i) => scaled(each, (i + 1) / 10)));
/** A product of two mixed states of 3 x 3. */
export const PRODUCT = ((): Rows => {
  const mix = (psi: readonly number[], p: number): Rows => sum(outer(psi, p), scaled(identity(3), (1 - p) / 3));
  const [a, c] = [mix(unit([1, 2, 0]), 0.75), mix(unit([1, 1, 1]), 0.5)];
  return a.flatMap((row) => c.map((other) => kronecker(row, other)));
})();
/** Near the maximally mixed state of 3 x 3. */
export const NEARLY_MIXED = sum(scaled(identity(9), 0.9 / 9), outer(unit([1, 1, 0, 0, 1, 0, 0, 0, 1]), 0.1));
/** Perfectly correlated and classical. */
export const DIAGONAL: Rows = identity(9).map((row, i) => row.map((x) => (i % 4 === 0 ? x / 4 : i === 1 ? x / 4 : 0)));
