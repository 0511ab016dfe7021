import fc from "fast-check";

/** A belief of two factors. */
export interface JointBelief {
  /** `[dA * dC]`, sum one. */
  readonly belief: Float64Array;
  readonly dimensions: readonly [number, number];
}

/** Options of {@link jointBelief}. */
export interface JointBeliefOptions {
  /** Largest dimension of a factor, 4 by default. */
  readonly maxDimension?: number;
  /** Entries of both signs, as beliefs of signed processes have. */
  readonly signed?: boolean;
}

function normalized(draws: readonly number[]): Float64Array {
  const total = draws.reduce((sum, value) => sum + value, 0);
  return Float64Array.from(draws, (value) => value / total);
}

function entries(count: number, signed: boolean): fc.Arbitrary<Float64Array> {
  const positive = fc.double({ min: 0.01, max: 1, noNaN: true });
  // zeros are what makes ranks and supports drop
  const entry = fc.oneof({ weight: 4, arbitrary: positive }, { weight: 1, arbitrary: fc.constant(0) });
  const drawn = signed ? fc.double({ min: -0.3, max: 1, noNaN: true }) : entry;
  return fc
    .array(drawn, { minLength: count, maxLength: count })
    .filter((draws) => draws.reduce((sum, value) => sum + value, 0) > 0.1)
    .map(normalized);
}

/**
 * Random beliefs over two factors, dense or with zeros.
 *
 * @example
 * ```ts
 * import { jointBelief } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(jointBelief(), ({ belief, dimensions: [dA, dC] }) => belief.length === dA * dC),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function jointBelief(options: JointBeliefOptions = {}): fc.Arbitrary<JointBelief> {
  const { maxDimension = 4, signed = false } = options;
  const dimension = fc.integer({ min: 1, max: maxDimension });
  return fc
    .tuple(dimension, dimension)
    .chain(([dA, dC]) =>
      entries(dA * dC, signed).map((belief): JointBelief => ({ belief, dimensions: [dA, dC] as const })),
    );
}

/**
 * Random product beliefs `b_A (x) b_C`.
 *
 * @example
 * ```ts
 * import { productBelief } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(
 *   fc.property(productBelief(), ({ belief }) => Math.abs(belief.reduce((sum, p) => sum + p, 0) - 1) < 1e-12),
 *   { numRuns: 10 },
 * );
 * ```
 */
export function productBelief(options: JointBeliefOptions = {}): fc.Arbitrary<JointBelief> {
  const { maxDimension = 4, signed = false } = options;
  const factor = fc.integer({ min: 1, max: maxDimension }).chain((dimension) => entries(dimension, signed));
  return fc.tuple(factor, factor).map(
    ([a, c]): JointBelief => ({
      belief: Float64Array.from({ length: a.length * c.length }, (_, s) => {
        return (a[Math.floor(s / c.length)] ?? 0) * (c[s % c.length] ?? 0);
      }),
      dimensions: [a.length, c.length] as const,
    }),
  );
}

/**
 * Random row-stochastic matrices: local processing of one factor.
 *
 * @returns row-major `[rows, columns]`
 * @example
 * ```ts
 * import { stochasticMatrix } from "@semifactor/sfp/arbitraries";
 * import fc from "fast-check";
 *
 * fc.assert(fc.property(stochasticMatrix(2, 3), (matrix) => matrix.length === 6), { numRuns: 10 });
 * ```
 */
export function stochasticMatrix(rows: number, columns: number): fc.Arbitrary<Float64Array> {
  const row = entries(columns, false);
  return fc
    .array(row, { minLength: rows, maxLength: rows })
    .map((drawn) => Float64Array.from(drawn.flatMap((r) => [...r])));
}
