import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { certified, coneProcess, expectLaw } from "./_testing/brute-force.ts";
import { type BoundaryOptions, withBoundaryTokens } from "./boundary-tokens.ts";

const small = hmm({ maxStates: 2, maxTokens: 2, stationary: false });

/** Probability of a word that begins with bos (if any), has a body, and may end: straight from the description. */
function byDescription(process: Process, options: BoundaryOptions, word: readonly number[]): number {
  const size = process.alphabet.length;
  const { bos, pad, stop = 0, length, eos } = options;
  const eosToken = size + (bos === undefined ? 0 : 1);
  const padToken = pad === undefined ? eosToken : eosToken + 1;
  let rest = word;
  if (bos !== undefined) {
    if (rest.length > 0 && rest[0] !== size) return 0;
    rest = rest.slice(1);
  }
  const end = rest.findIndex((token) => token >= size);
  const body = end === -1 ? rest : rest.slice(0, end);
  let probability = wordProbability(process, body) * (1 - stop) ** body.length;
  if (length !== undefined && body.length > length) return 0;
  if (end === -1) return probability;
  if (eos === undefined || rest[end] !== eosToken) return 0;
  if (length === undefined) probability *= stop;
  else if (body.length !== length) return 0;
  return rest.slice(end + 1).every((token) => token === padToken) ? probability : 0;
}

const cases: readonly BoundaryOptions[] = [
  { bos: "B" },
  { eos: "E", stop: 0.3 },
  { bos: "B", eos: "E", pad: "P", stop: 0.25 },
  { bos: "B", eos: "E", length: 2 },
  { eos: "E", pad: "P", length: 1 },
  { eos: "E", length: 0 },
  { bos: "B", eos: "E", stop: 1 },
];

describe("withBoundaryTokens", () => {
  test.prop([small, fc.constantFrom(...cases)], { numRuns: 40 })(
    "every word has the probability described",
    (process, options) => {
      const bounded = withBoundaryTokens(process, options);
      expect(bounded.certificate.kind).toBe("hmm");
      expectLaw(bounded, 4, (word) => byDescription(process, options, word));
    },
  );

  test.prop([gaugeTransformed({ maxStates: 2, maxTokens: 2 }), fc.constantFrom(...cases)], { numRuns: 15 })(
    "in other coordinates",
    ({ ghmm, hmm: process }, options) => {
      const bounded = withBoundaryTokens(ghmm, options);
      expect(bounded.certificate).toMatchObject({ kind: "similar-to-hmm", hmm: { stateDim: bounded.stateDim } });
      expectLaw(bounded, 3, (word) => byDescription(process, options, word), 1e-9);
    },
  );

  test("names and states are in the order described", () => {
    const process = withBoundaryTokens(coin({ p: 0.7 }), { bos: "B", eos: "E", pad: "P", length: 2 });
    expect(process.alphabet).toEqual(["0", "1", "B", "E", "P"]);
    expect(process.stateDim).toBe(5);
    expect(Array.from(beliefState(process, [2, 0]))).toEqual([0, 0, 1, 0, 0]);
    expect(Array.from(beliefState(process, [2, 0, 1, 3, 4]))).toEqual([0, 0, 0, 0, 1]);
  });

  test("certificates", () => {
    const cone = withBoundaryTokens(coneProcess(), { bos: "B", eos: "E", length: 1 });
    expect(cone.certificate).toMatchObject({ kind: "cone", rays: { length: 8 } });
    const kraus = certified(coin({ p: 0.5 }), { kind: "kraus", dimension: 2 });
    expect(withBoundaryTokens(kraus, { bos: "B", eos: "E", length: 1 }).certificate).toEqual({
      kind: "kraus",
      dimension: 6,
    });
    const unchecked = certified(coin({ p: 0.5 }), { kind: "unchecked", wordLength: 1, smallestProbability: 0.5 });
    expect(withBoundaryTokens(unchecked, { bos: "B" }).certificate.kind).toBe("unchecked");
  });

  test("bad input", () => {
    const refuse = (options: BoundaryOptions, message: string) => {
      expect(() => withBoundaryTokens(coin({ p: 0.5 }), options)).toThrow(InvalidArgumentError);
      expect(() => withBoundaryTokens(coin({ p: 0.5 }), options)).toThrow(message);
    };
    refuse({}, "neither bos nor eos");
    refuse({ bos: "B", pad: "P" }, "without eos");
    refuse({ eos: "E" }, "stop is undefined and length is undefined");
    refuse({ eos: "E", stop: 0.5, length: 3 }, "stop is 0.5 and length is 3");
    for (const stop of [0, -1, 1.5, Number.NaN]) refuse({ eos: "E", stop }, `stop is ${stop}`);
    for (const length of [-1, 0.5, Number.NaN]) refuse({ eos: "E", length }, `length is ${length}`);
    refuse({ bos: "0" }, 'alphabet[2] is "0"');
    refuse({ bos: "X", eos: "X", stop: 0.5 }, 'alphabet[3] is "X"');
    refuse({ bos: "" }, 'alphabet[2] is ""');
    expect(() => withBoundaryTokens(coin({ p: 0.5 }), { eos: "E", length: 100_000 })).toThrow(UnsupportedError);
  });
});
