import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { pseudoInverse } from "../numeric/inverse.ts";
import { coin } from "../processes/coin.ts";
import { createGhmm } from "./create.ts";
import type { Process } from "./process.ts";

const rows = (matrix: Float64Array, d: number) => Array.from({ length: d }, (_, i) => matrix.slice(i * d, (i + 1) * d));
const definition = (process: Process) => ({
  operators: process.alphabet.map((_, token) => rows(process.operator(token), process.stateDim)),
  normalizer: process.normalizer,
  initial: process.initial,
  alphabet: process.alphabet,
});

describe("createGhmm with evidence", () => {
  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 30 })(
    "a basis that makes it a hidden Markov model becomes the certificate, with that model",
    ({ ghmm, basis }) => {
      const evidence = { kind: "similar-to-hmm", basis: basis } as const;
      const process = createGhmm({ ...definition(ghmm), certificate: evidence });
      // the identity as a change of basis leaves non-negative operators, which need no evidence
      if (process.certificate.kind === "hmm") return;
      if (process.certificate.kind !== "similar-to-hmm") throw new Error(process.certificate.kind);
      for (const word of [[0], [0, 0], [0, 0, 0]]) {
        expect(wordProbability(process.certificate.hmm, word)).toBeCloseTo(wordProbability(process, word), 9);
      }
    },
  );

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 30 })(
    "so does a cone, and without evidence only short words are tested",
    ({ ghmm, basis }) => {
      const d = ghmm.stateDim;
      const rays = rows(pseudoInverse(basis.flat(), [d, d]).inverse, d);
      const proven = createGhmm({ ...definition(ghmm), certificate: { kind: "cone", rays } }).certificate.kind;
      const tested = createGhmm(definition(ghmm)).certificate.kind;
      // operators without signs are proof enough
      if (tested === "unchecked") expect(proven).toBe("cone");
      else expect(["cone", "hmm"]).toContain(tested);
    },
  );

  test("signs that prove a hidden Markov model are the stronger proof, but a false claim is refused all the same", () => {
    const parts = definition(coin({ p: 0.5 }));
    expect(createGhmm({ ...parts, certificate: { kind: "cone", rays: [[1]] } }).certificate.kind).toBe("hmm");
    expect(() => createGhmm({ ...parts, certificate: { kind: "cone", rays: [[-1]] } })).toThrow("rays[0] . w is -1");
    expect(() => createGhmm({ ...parts, certificate: { kind: "similar-to-hmm", basis: [[2]] } })).toThrow(
      "createGhmm: with S = certificate.basis, entry 0 of S^-1 w is 0.5",
    );
  });
});

describe("evidence that is none", () => {
  test.each([null, "cone", 3, {}, { kind: "hmm" }])("%j is refused", (certificate) => {
    const call = () => createGhmm({ operators: [[[0.5]], [[0.5]]], certificate: certificate as never });
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow("createGhmm: certificate.kind is ");
  });
});

describe("createGhmm without evidence", () => {
  test("testedWords decides how long the tested words are, and is capped", () => {
    const signed = (testedWords?: number) =>
      createGhmm({
        operators: [
          [
            [0.5, 0.5],
            [0.25, 0.25],
          ],
          [
            [0.5, -0.5],
            [-0.25, 0.25],
          ],
        ],
        normalizer: [1, 0],
        ...(testedWords === undefined ? {} : { testedWords }),
      }).certificate;
    expect([1, 6, 14, 4096].map(signed)).toMatchObject([1, 2, 3, 11].map((wordLength) => ({ wordLength })));
    expect(signed()).toEqual(signed(4096));
    for (const bad of [0, 1.5, Number.NaN, 2 ** 20 + 1]) {
      expect(() => signed(bad)).toThrow(`createGhmm: testedWords is ${bad}. Give an integer from 1 to 1048576.`);
    }
  });
});
