import { fc, test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { bipartition } from "../structure/bipartition.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { density, rotated, unitary, unitVector } from "./_testing/states.ts";
import { tileState } from "./_testing/tile-state.ts";
import { concurrence, entanglementOfFormation } from "./concurrence.ts";
import { ccnrCriterion, pptCriterion } from "./criteria.ts";
import type { Dimensions } from "./density-matrix.ts";
import { quantumDiscord } from "./discord.ts";
import { diagonalState, pureDensity } from "./embeddings.ts";
import { renyiEntropy, vonNeumannEntropy } from "./entropies.ts";
import { quantumMutualInformation } from "./mutual-information.ts";
import { logNegativity, negativity } from "./negativity.ts";
import { pageEntropy } from "./page-entropy.ts";
import { partialTrace } from "./partial-trace.ts";
import { partialTranspose } from "./partial-transpose.ts";
import { relativeEntropy } from "./relative-entropy.ts";
import { schmidt } from "./schmidt.ts";
import { separability } from "./separability.ts";

const r = Math.SQRT1_2;
const bell = pureDensity([r, 0, 0, r]);
const qubits: Dimensions = [2, 2];

/** Singlets on the qubits (0, 1) and (2, 3), the named qubits written first. */
function singlets(first: readonly number[]): Float64Array {
  const qubit = (name: string) => ({ name, dimension: 2 });
  const structure = tensorStructure({ factors: [qubit("0"), qubit("1"), qubit("2"), qubit("3")] });
  const singlet = [0, r, -r, 0];
  const psi = singlet.flatMap((x) => singlet.map((y) => x * y));
  return bipartition(structure, first.map(String)).arrange(psi);
}

describe("goldens of quimb", () => {
  test("golden 55: the Bell state", () => {
    expect(negativity(bell, qubits)).toBeCloseTo(0.5, 14);
    expect(logNegativity(bell, qubits)).toBeCloseTo(1, 14);
    expect(concurrence(bell)).toBeCloseTo(1, 14);
    expect(entanglementOfFormation(bell)).toBeCloseTo(1, 14);
    expect(vonNeumannEntropy(partialTrace(bell, qubits, { keep: "first" }))).toBeCloseTo(1, 14);
  });

  test("golden 56: concurrence sqrt(3) / 2 of cos(pi/6) |00> + sin(pi/6) |11>", () => {
    const rho = pureDensity([Math.cos(Math.PI / 6), 0, 0, Math.sin(Math.PI / 6)]);
    expect(concurrence(rho)).toBeCloseTo(Math.sqrt(3) / 2, 14);
  });

  test("golden 57: no concurrence and no entanglement of formation in I / 4 and in products", () => {
    const mixed = diagonalState([0.25, 0.25, 0.25, 0.25]);
    const product = pureDensity([0.6 * 0.28, 0.6 * 0.96, 0.8 * 0.28, 0.8 * 0.96]);
    for (const rho of [mixed, product]) {
      expect(concurrence(rho)).toBeCloseTo(0, 14);
      expect(entanglementOfFormation(rho)).toBeCloseTo(0, 14);
    }
  });

  test("golden 58: entropy of diag(1/2, 1/2, 0, 0)", () => {
    expect(vonNeumannEntropy(diagonalState([0.5, 0.5, 0, 0]))).toBeCloseTo(1, 14);
  });

  test.prop([unitary(2)], { numRuns: 50 })("golden 58: a unitary leaves the entropy of (0.7, 0.3)", (u) => {
    const rho = { re: [0.7, 0, 0, 0.3], im: [0, 0, 0, 0] };
    expect(vonNeumannEntropy(rotated(rho, u, 2))).toBeCloseTo(vonNeumannEntropy(rho), 10);
    expect(vonNeumannEntropy(rho)).toBeCloseTo(-0.7 * Math.log2(0.7) - 0.3 * Math.log2(0.3), 13);
  });

  test("golden 59: Renyi entropies of diag(0.8, 0.2)", () => {
    const rho = diagonalState([0.8, 0.2]);
    expect(renyiEntropy(rho, 0)).toBe(1);
    expect(renyiEntropy(rho, Number.POSITIVE_INFINITY)).toBeCloseTo(-Math.log2(0.8), 14);
    expect(renyiEntropy(rho, 2)).toBeCloseTo(-Math.log2(0.68), 14);
  });

  test("golden 60: mutual information of the Bell state and of two singlets that are both split", () => {
    expect(quantumMutualInformation(bell, qubits)).toBeCloseTo(2, 13);
    expect(quantumMutualInformation(pureDensity(singlets([0, 2])), [4, 4])).toBeCloseTo(4, 13);
  });

  test("golden 61: log-negativity of two singlets that are both split", () => {
    expect(logNegativity(pureDensity(singlets([0, 3])), [4, 4])).toBeCloseTo(2, 13);
  });

  test.each([
    [0, 1, 1],
    [1, 2, 0],
    [2, 3, 1],
  ])("golden 62: log-negativity of qubits %i and %i of two singlets is %i", (i, j, expected) => {
    const pair = partialTrace(pureDensity(singlets([i, j])), [4, 4], { keep: "first" });
    expect(logNegativity(pair, qubits)).toBeCloseTo(expected, 13);
  });

  test("golden 63: Page entropy of 2 of 4 dimensions, and its symmetry", () => {
    expect(pageEntropy(2, 2)).toBeCloseTo(0.4808983469629878, 14);
    expect(pageEntropy(4, 6)).toBe(pageEntropy(6, 4));
  });

  const product = (a: readonly number[], b: readonly number[]) =>
    Float64Array.from({ length: 16 }, (_, at) => {
      const [i, j] = [Math.floor(at / 4), at % 4];
      return (a[(i >> 1) * 2 + (j >> 1)] ?? 0) * (b[(i & 1) * 2 + (j & 1)] ?? 0);
    });

  test("golden 64: no discord in products and diagonal states", () => {
    expect(quantumDiscord(product([0.7, 0.2, 0.2, 0.3], [0.4, 0.1, 0.1, 0.6]))).toBeLessThan(1e-10);
    expect(quantumDiscord(diagonalState([0.4, 0.1, 0.2, 0.3]))).toBeLessThan(1e-10);
    expect(quantumDiscord(diagonalState([0.5, 0, 0, 0.5]))).toBeLessThan(1e-10);
  });

  test.prop([unitVector(4)], { numRuns: 10 })("golden 64: half the mutual information of pure states", (psi) => {
    const rho = pureDensity(psi);
    expect(quantumDiscord(rho)).toBeCloseTo(quantumMutualInformation(rho, qubits) / 2, 9);
  });
});

describe("goldens of qutip", () => {
  test("golden 65: relative entropy, infinite for orthogonal supports", () => {
    const [first, second] = [diagonalState([1, 0, 0, 0]), diagonalState([0, 1, 0, 0])];
    expect(relativeEntropy(first, second)).toBe(Number.POSITIVE_INFINITY);
    // the example of qutip.entropy_relative: |00> against the even mixture of |00> and |01>
    const mixed = diagonalState([0.5, 0.5, 0, 0]);
    expect(relativeEntropy(first, mixed)).toBeCloseTo(1, 14);
    expect(relativeEntropy(first, mixed, { unit: "nats" })).toBeCloseTo(Math.LN2, 14);
    // its test: a pure state against I / 4
    expect(relativeEntropy(first, diagonalState([0.25, 0.25, 0.25, 0.25]))).toBeCloseTo(2, 14);
  });
});

describe("goldens of toqito", () => {
  test("golden 66: Schmidt coefficients", () => {
    const coefficients = (psi: readonly number[]) =>
      Array.from(schmidt(psi, qubits, { embedding: "amplitude" }).coefficients);
    expect(coefficients([0.5, 0.5, 0.5, -0.5])).toEqual([r, r].map((s) => expect.closeTo(s, 14)));
    expect(coefficients([0.5, 0.5, 0.5, 0.5])).toEqual([1, 0].map((s) => expect.closeTo(s, 14)));
    expect(schmidt([0.5, 0.5, 0.5, 0.5], qubits, { embedding: "amplitude" }).rank).toBe(1);
  });

  test("golden 67: the tile state passes the partial transpose and fails realignment", () => {
    const rho = tileState();
    expect(pptCriterion(rho, [3, 3]).entangled).toBe(false);
    expect(ccnrCriterion(rho, [3, 3]).entangled).toBe(true);
    const { verdict, criterion, witness, reason } = separability(rho, [3, 3]);
    expect([verdict, criterion]).toEqual(["entangled", "realignment"]);
    expect(witness?.value).toBeLessThan(-0.08);
    expect(reason).toContain("realignment");
  });

  test.prop([density(4), fc.double({ min: 0.1, max: 10, noNaN: true })], { numRuns: 30 })(
    "golden 68: for trace t the negativity is (|rho^T|_1 - t) / 2, the sum of the negative eigenvalues",
    (rho, t) => {
      const scaled = { re: rho.re.map((value) => value * t), im: rho.im.map((value) => value * t) };
      const found = negativity(scaled, qubits, { anyTrace: true });
      expect(found).toBeCloseTo(t * negativity(rho, qubits), 12);
      if (Math.abs(t - 1) > 1e-6) expect(() => negativity(scaled, qubits)).toThrow("rho has trace");
    },
  );

  test("golden 68: three times the Bell state, where (|rho^T|_1 - 1) / 2 is 2.5", () => {
    const tripled = bell.map((value) => 3 * value);
    expect(negativity(tripled, qubits, { anyTrace: true })).toBeCloseTo(1.5, 13);
  });

  test("golden 69: dimensions [2, 5] of a 4 x 4 matrix are refused", () => {
    const refused = [negativity, logNegativity, quantumMutualInformation, pptCriterion, ccnrCriterion, separability];
    for (const measure of refused) expect(() => measure(bell, [2, 5])).toThrow(ShapeError);
    expect(() => partialTranspose(bell, [2, 5])).toThrow("dimensions [2, 5] multiply to 10 and there are 4 states");
    expect(() => partialTrace(bell, [2, 5], { keep: "first" })).toThrow(ShapeError);
    expect(() => schmidt([1, 0, 0, 0], [2, 5])).toThrow(ShapeError);
  });
});
