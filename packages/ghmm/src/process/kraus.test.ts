import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { adjoint, type ComplexSquare, complexProduct, complexZero } from "../numeric/complex-matrix.ts";
import {
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  NotNormalizedError,
  ShapeError,
  UnsupportedError,
} from "../numeric/errors.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { type ComplexMatrix, createKraus, type KrausDefinition } from "./kraus.ts";

const number = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 1000);
const vector = (length: number) => fc.array(number, { minLength: length, maxLength: length });

/** Orthonormal columns by Gram-Schmidt on complex vectors `[re..., im...]`. */
function orthonormal(
  columns: readonly (readonly number[])[],
  length: number,
): readonly (readonly number[])[] | undefined {
  const done: number[][] = [];
  for (const given of columns) {
    let column = [...given];
    for (const unit of [...done, ...done]) {
      let [re, im] = [0, 0];
      for (let i = 0; i < length; i++) {
        const [a, b] = [unit[i] ?? 0, unit[i + length] ?? 0];
        const [x, y] = [column[i] ?? 0, column[i + length] ?? 0];
        re += a * x + b * y;
        im += a * y - b * x;
      }
      column = column.map((value, at) => {
        const [i, real] = [at % length, at < length];
        const [a, b] = [unit[i] ?? 0, unit[i + length] ?? 0];
        return value - (real ? re * a - im * b : re * b + im * a);
      });
    }
    const size = Math.hypot(...column);
    if (size < 0.1) return undefined;
    done.push(column.map((value) => value / size));
  }
  return done;
}

/** A random instrument: an isometry from `C^n` to `tokens * each` copies of it, cut into Kraus matrices. */
const instrument = fc
  .record({
    n: fc.integer({ min: 1, max: 3 }),
    tokens: fc.integer({ min: 1, max: 3 }),
    each: fc.integer({ min: 1, max: 2 }),
  })
  .chain(({ n, tokens, each }) => {
    const length = n * tokens * each;
    const columns = fc.array(vector(2 * length), { minLength: n, maxLength: n });
    const matrix = (isometry: readonly (readonly number[])[], block: number): ComplexSquare => {
      const entry = (at: number, offset: number) => isometry[at % n]?.[offset + block * n + Math.floor(at / n)] ?? 0;
      const [re, im] = [complexZero(n), complexZero(n)].map(({ re: zero }, part) =>
        zero.map((_, at) => entry(at, part * length)),
      );
      return { re: re ?? new Float64Array(), im: im ?? new Float64Array() };
    };
    const isometries = columns.map((given) => orthonormal(given, length));
    return isometries
      .filter((found) => found !== undefined)
      .map((isometry) => {
        const kraus = Array.from({ length: tokens }, (_, x) =>
          Array.from({ length: each }, (__, k) => matrix(isometry, x * each + k)),
        );
        return { n, kraus };
      });
  });

const rows = (matrix: Float64Array, n: number) => Array.from({ length: n }, (_, i) => matrix.slice(i * n, (i + 1) * n));
const given = ({ re, im }: ComplexSquare, n: number): ComplexMatrix => ({ real: rows(re, n), imaginary: rows(im, n) });

/** `tr(K_L ... K_1 rho K_1^dagger ... K_L^dagger)`, summed over the Kraus matrices of each token. */
function traceOfWord(
  kraus: readonly (readonly ComplexSquare[])[],
  rho: ComplexSquare,
  word: readonly number[],
  n: number,
): number {
  let state = rho;
  for (const token of word) {
    const next = complexZero(n);
    for (const k of kraus[token] ?? []) {
      const image = complexProduct(complexProduct(k, state, n), adjoint(k, n), n);
      for (let at = 0; at < n * n; at++) {
        next.re[at] = (next.re[at] ?? 0) + (image.re[at] ?? 0);
        next.im[at] = (next.im[at] ?? 0) + (image.im[at] ?? 0);
      }
    }
    state = next;
  }
  return Array.from({ length: n }, (_, i) => state.re[i * n + i] ?? 0).reduce((sum, value) => sum + value, 0);
}

describe("createKraus", () => {
  test.prop([instrument, fc.array(fc.nat(), { maxLength: 5 }), vector(18)])(
    "words have the probabilities of the complex matrices, from a random state",
    ({ n, kraus }, numbers, seed) => {
      const a = { re: Float64Array.from(seed.slice(0, n * n)), im: Float64Array.from(seed.slice(n * n, 2 * n * n)) };
      const square = complexProduct(a, adjoint(a, n), n);
      const trace = traceOfWord([], square, [], n);
      fc.pre(trace > 1e-2);
      const rho = { re: square.re.map((value) => value / trace), im: square.im.map((value) => value / trace) };
      const word = numbers.map((value) => value % kraus.length);
      const process = createKraus({
        operators: kraus.map((list) => list.map((matrix) => given(matrix, n))),
        initial: given(rho, n),
      });
      expect([process.stateDim, process.normalizer[0]]).toEqual([n * n, 1]);
      expect(process.certificate).toEqual({
        kind: "kraus",
        dimension: n,
        factors: [{ dimension: n, coordinates: "hermitian" }],
      });
      expect(wordProbability(process, word)).toBeCloseTo(traceOfWord(kraus, rho, word, n), 10);
    },
  );

  const tom = (alpha: number, beta: number): KrausDefinition => {
    const g = 1 / (2 * Math.hypot(alpha, beta));
    return {
      operators: [
        [
          [
            [g * (alpha + beta), 0],
            [0, g * (alpha - beta)],
          ],
        ],
        [
          [
            [g * (alpha - beta), 0],
            [0, g * (alpha + beta)],
          ],
        ],
        [
          [
            [g * alpha, g * beta],
            [g * beta, g * alpha],
          ],
        ],
        [
          [
            [g * alpha, -g * beta],
            [-g * beta, g * alpha],
          ],
        ],
      ],
      alphabet: ["z+", "z-", "x+", "x-"],
    };
  };

  test.prop([
    fc.double({ min: 0.1, max: 1, noNaN: true }),
    fc.double({ min: 2, max: 5, noNaN: true }),
    fc.array(fc.nat({ max: 3 }), { maxLength: 6 }),
  ])("tomQuantum is the instrument of its Kraus matrices, with y kept at 0", (alpha, beta, word) => {
    const [process, short] = [createKraus(tom(alpha, beta)), tomQuantum({ alpha, beta })];
    expect(process.alphabet).toEqual(short.alphabet);
    expect(wordProbability(process, word)).toBeCloseTo(wordProbability(short, word), 12);
    const [trace, x, y, z] = beliefState(process, word);
    const expected = beliefState(short, word);
    [trace, x, z].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 9);
    });
    expect(y).toBeCloseTo(0, 12);
  });

  test("Bloch coordinates: the eigenstates of the Pauli matrices", () => {
    const start = (initial: ComplexMatrix) => Array.from(createKraus({ ...tom(1, 3), initial }).initial);
    expect(
      start([
        [1, 0],
        [0, 0],
      ]),
    ).toEqual([1, 0, 0, 1]);
    expect(
      start([
        [0.5, 0.5],
        [0.5, 0.5],
      ]),
    ).toEqual([1, 1, 0, 0]);
    expect(
      start({
        real: [
          [0.5, 0],
          [0, 0.5],
        ],
        imaginary: [
          [0, -0.5],
          [0.5, 0],
        ],
      }),
    ).toEqual([1, 0, 1, 0]);
  });

  const identity = [
    [1, 0],
    [0, 1],
  ];
  const cases: readonly (readonly [string, KrausDefinition, new (...args: never[]) => Error, string])[] = [
    ["no tokens", { operators: [] }, ShapeError, "operators is empty"],
    ["a token without matrices", { operators: [[identity], []] }, ShapeError, "operators[1] has no matrix"],
    ["a matrix without rows", { operators: [[[]]] }, ShapeError, "operators[0] has no matrix with rows"],
    ["a missing token", { operators: new Array(2) }, ShapeError, "operators[0] is undefined"],
    ["a number for a matrix", { operators: [[identity, 3 as never]] }, ShapeError, "operators[0][1] is 3"],
    ["no matrix", { operators: [[identity], [null as never]] }, ShapeError, "operators[1][0] is null"],
    ["another size", { operators: [[identity, [[1]]]] }, ShapeError, "operators[0][1] has 1 rows"],
    ["a short row", { operators: [[[[1, 0], [1]]]] }, ShapeError, "operators[0][0][1] has 1 entries"],
    [
      "NaN",
      {
        operators: [
          [
            [
              [1, 0],
              [0, Number.NaN],
            ],
          ],
        ],
      },
      InvalidArgumentError,
      "operators[0][0][1][1] is NaN",
    ],
    [
      "too much",
      { operators: [[identity], [identity]] },
      NotNormalizedError,
      "entry [0, 0] of the sum of K^dagger K is 2",
    ],
    ["too many levels", { operators: [[Array.from({ length: 70 }, () => [])]] }, UnsupportedError, "on C^70"],
    ["no unique state", { operators: [[identity]] }, NonUniqueStationaryStateError, "dimension 4. Pass initial"],
    [
      "an unnormalised state",
      { operators: [[identity]], initial: identity },
      NotNormalizedError,
      "initial has trace 2",
    ],
    ["too few names", { operators: [[identity]], alphabet: [] }, ShapeError, "alphabet has 0 names for 1 operators"],
    [
      "an imaginary remainder",
      {
        operators: [
          [
            {
              real: [
                [Math.SQRT1_2, 0],
                [0, Math.SQRT1_2],
              ],
              imaginary: [
                [0, Math.SQRT1_2],
                [Math.SQRT1_2, 0.1],
              ],
            },
          ],
        ],
      },
      NotNormalizedError,
      "of the sum of K^dagger K is",
    ],
  ];
  test.each(cases)("refuses %s", (_, definition, error, message) => {
    expect(() => createKraus(definition)).toThrow(error);
    expect(() => createKraus(definition)).toThrow(message);
    expect(() => createKraus(definition)).toThrow(/^createKraus: /);
  });
});
