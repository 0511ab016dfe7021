import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { klDivergence, shannonEntropy } from "../numeric/entropy.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { coInformation, conditionalMutualInformation, oInformation, totalCorrelation } from "./multivariate.ts";

/** Joint distribution of `n` bits, uniform over the outcomes that `keep` accepts. */
function uniformOver(n: number, keep: (bits: readonly number[]) => boolean): { p: number[]; shape: number[] } {
  const cells = Array.from({ length: 2 ** n }, (_, i) => Array.from({ length: n }, (_, v) => (i >> (n - 1 - v)) & 1));
  const count = cells.filter(keep).length;
  return { p: cells.map((bits) => (keep(bits) ? 1 / count : 0)), shape: new Array<number>(n).fill(2) };
}

const parity = (n: number) => uniformOver(n, (bits) => bits.reduce((a, b) => a + b, 0) % 2 === 0);
const copies = (n: number) => uniformOver(n, (bits) => bits.every((bit) => bit === bits[0]));

const joints = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 })
  .chain((shape) => {
    const cells = shape.reduce((a, b) => a * b, 1);
    return fc.record({
      shape: fc.constant(shape),
      p: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: cells, maxLength: cells }),
    });
  })
  .filter(({ p }) => p.some((value) => value > 0))
  .map(({ p, shape }) => {
    const total = p.reduce((a, b) => a + b, 0);
    return { shape, p: p.map((value) => value / total) };
  });

/** Marginal of one or two of three variables by explicit loops. */
function marginal(p: readonly number[], shape: readonly number[], keep: readonly number[]): number[] {
  const [n0 = 1, n1 = 1, n2 = 1] = shape;
  const out = new Map<string, number>();
  for (let a = 0; a < n0; a++) {
    for (let b = 0; b < n1; b++) {
      for (let c = 0; c < n2; c++) {
        const key = keep.map((v) => [a, b, c][v]).join();
        out.set(key, (out.get(key) ?? 0) + (p[(a * n1 + b) * n2 + c] ?? 0));
      }
    }
  }
  return [...out.values()];
}

describe("many variables", () => {
  test("the co-information of 14 bits, from 2^14 marginals, takes no time to speak of", () => {
    const { p, shape } = parity(14);
    expect(coInformation(p, shape)).toBeCloseTo(1, 9);
  });

  test("marginals that are too many are refused before they are made", () => {
    const shape = new Array<number>(18).fill(2);
    const p = new Float64Array(2 ** 18).fill(2 ** -18);
    expect(() => coInformation(p, shape)).toThrow(UnsupportedError);
    expect(() => coInformation(p, shape)).toThrow("have 387420489 probabilities");
    expect(oInformation(p, shape)).toBeCloseTo(0, 7);
  });
});

describe("laws", () => {
  test.prop([joints])("total correlation is the divergence from the product of the marginals", ({ p, shape }) => {
    const [x = [], y = [], z = []] = [0, 1, 2].map((v) => marginal(p, shape, [v]));
    const product = x.flatMap((a) => y.flatMap((b) => z.map((c) => a * b * c)));
    expect(totalCorrelation(p, shape)).toBeCloseTo(klDivergence(p, product), 10);
  });

  test.prop([joints])("conditional mutual information from marginals; none is negative", ({ p, shape }) => {
    const h = (...keep: number[]) => shannonEntropy(marginal(p, shape, keep));
    const given = conditionalMutualInformation(p, shape, { x: [0], y: [1], given: [2] });
    expect(given).toBeCloseTo(h(0, 2) + h(1, 2) - h(0, 1, 2) - h(2), 10);
    expect(given).toBeGreaterThan(-1e-12);
    const plain = conditionalMutualInformation(p, shape, { x: [0], y: [1] });
    expect(plain).toBeCloseTo(h(0) + h(1) - h(0, 1), 10);
    // I(X;Y) - I(X;Y|Z), symmetric in all three
    expect(coInformation(p, shape)).toBeCloseTo(plain - given, 10);
    // of three variables the O-information is the co-information
    expect(oInformation(p, shape)).toBeCloseTo(coInformation(p, shape), 10);
  });

  test.prop([joints])("chain rule: I(X; YZ) = I(X; Y) + I(X; Z | Y)", ({ p, shape }) => {
    const both = conditionalMutualInformation(p, shape, { x: [0], y: [1, 2] });
    const first = conditionalMutualInformation(p, shape, { x: [0], y: [1] });
    expect(both).toBeCloseTo(first + conditionalMutualInformation(p, shape, { x: [0], y: [2], given: [1] }), 10);
  });

  test.prop([joints])("nats are ln 2 bits", ({ p, shape }) => {
    for (const measure of [totalCorrelation, coInformation, oInformation]) {
      expect(measure(p, shape, { unit: "nats" })).toBeCloseTo(measure(p, shape) * Math.LN2, 12);
    }
  });
});

// dit: exclusive or, n-bit parity, copies of one bit
describe("published values", () => {
  test("exclusive or", () => {
    const { p, shape } = parity(3);
    expect(coInformation(p, shape)).toBeCloseTo(-1, 14);
    expect(conditionalMutualInformation(p, shape, { x: [0], y: [1], given: [2] })).toBeCloseTo(1, 14);
  });

  test("parity of four bits", () => {
    const { p, shape } = parity(4);
    expect(coInformation(p, shape)).toBeCloseTo(1, 13);
    const three = uniformOver(3, () => true);
    expect(totalCorrelation(three.p, three.shape)).toBeCloseTo(0, 14);
    expect(conditionalMutualInformation(p, shape, { x: [0], y: [1, 2] })).toBeCloseTo(0, 14);
  });

  test.each([3, 4, 5, 6])("total correlation of the parity of %i bits is one", (n) => {
    const { p, shape } = parity(n);
    expect(totalCorrelation(p, shape)).toBeCloseTo(1, 13);
  });

  test("O-information of five copies is 3, of the parity of five bits -3", () => {
    expect(oInformation(copies(5).p, copies(5).shape)).toBeCloseTo(3, 13);
    expect(oInformation(parity(5).p, parity(5).shape)).toBeCloseTo(-3, 13);
  });
});

describe("bad input", () => {
  const measures = [
    totalCorrelation,
    coInformation,
    oInformation,
    (p: ArrayLike<number>, shape: readonly number[]) => conditionalMutualInformation(p, shape, { x: [0], y: [0] }),
  ];
  test.each(measures.map((measure) => [measure]))("%o refuses what is no joint distribution", (measure) => {
    expect(() => measure([0.5, 0.5], [3])).toThrow(ShapeError);
    expect(() => measure([], [])).toThrow(ShapeError);
    expect(() => measure([1], [])).toThrow(ShapeError);
    expect(() => measure([1], [1.5])).toThrow(ShapeError);
    expect(() => measure([1], new Array<number>(25).fill(1))).toThrow(ShapeError);
    expect(() => measure([0.5, 0.6], [2])).toThrow(NotNormalizedError);
    expect(() => measure([1.5, -0.5], [2])).toThrow(InvalidArgumentError);
    expect(() => measure([Number.NaN, 1], [2])).toThrow("p[0] is NaN");
  });

  test("variables that do not exist", () => {
    for (const v of [-1, 2, 0.5, Number.NaN]) {
      const sets = { x: [0], y: [1], given: [v] };
      expect(() => conditionalMutualInformation([0.5, 0, 0, 0.5], [2, 2], sets)).toThrow(`variable ${v} is named`);
    }
  });
});
