import { test } from "@fast-check/vitest";
import {
  chainProduct,
  coin,
  InvalidArgumentError,
  ShapeError,
  tensorProduct,
  UnsupportedError,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import {
  binaryEntropy,
  blockEntropyCurve,
  entropyBits,
  mutualInformationOf,
  wordsOfLength,
} from "../_testing/words.ts";
import { independentProcess } from "../arbitraries/products.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { tokenInformation } from "./token-information.ts";

const tokenSizes = [2, 2];

// theory notes 2.4
describe("phase-locked Z1R", () => {
  test.each([
    [0, 0],
    [0.25, 0.084963],
    [0.5, 0.333333],
    [0.75, 0.768273],
    [1, 1.584963],
  ])("alpha = %f: from length 7 on, the %f bits of the initial phases", (alpha, bits) => {
    const { information } = tokenInformation(phaseLockedZ1r({ alpha }), { tokenSizes, maxLength: 7 });
    expect(information[7]).toBeCloseTo(bits, 6);
    const phases = Math.log2(3) - entropyBits([1 + 2 * alpha, 1 - alpha, 1 - alpha].map((weight) => weight / 3));
    expect(information[7]).toBeCloseTo(phases, 10);
  });

  test.each([0, 0.5, 1])("kappa = %f: rate (1 - H2((1 + kappa) / 2)) / 9 bits", (kappa) => {
    const { information } = tokenInformation(phaseLockedZ1r({ kappa }), { tokenSizes, maxLength: 9 });
    const rate = (1 - binaryEntropy((1 + kappa) / 2)) / 9;
    expect((information[9] ?? 0) - (information[6] ?? 0)).toBeCloseTo(3 * rate, 9);
  });
});

// theory notes 2.5: the persona writes different code
test("semi-factored personas: I(U; Y) for L = 1..7", () => {
  const { information, rate } = tokenInformation(personaZ1r({ variant: "semi" }), { tokenSizes, maxLength: 7 });
  const expected = [0, 0.0072, 0.0361, 0.1409, 0.1988, 0.2612, 0.3263, 0.3809];
  expected.forEach((bits, length) => {
    expect(Math.abs((information[length] ?? 0) - bits)).toBeLessThan(6e-5);
  });
  expect(rate).toBe((information[7] ?? 0) - (information[6] ?? 0));
});

describe("tokenInformation", () => {
  test.prop([independentProcess({ maxStates: 2, maxTokens: 2 })], { numRuns: 20 })(
    "of independent streams is 0",
    ({ process, tokenSizes: sizes }) => {
      const { information, rate } = tokenInformation(process, { tokenSizes: sizes, maxLength: 3 });
      for (const bits of [...information, rate]) expect(bits).toBeCloseTo(0, 11);
    },
  );

  test("agrees with the law of the words, and its entropies with those of blocks", () => {
    const process = chainProduct({
      first: zeroOneRandom({ p: 0.3 }),
      variants: [coin({ p: 0.9 }), coin({ p: 0.2 })],
      control: [0, 1],
    });
    const { information, blockEntropies } = tokenInformation(process, { tokenSizes, maxLength: 4, unit: "nats" });
    for (let length = 1; length <= 4; length++) {
      const words = wordsOfLength(process, length);
      const expected = mutualInformationOf(
        words,
        ({ tokens }) => tokens.map((token) => token >> 1).join(""),
        ({ tokens }) => tokens.map((token) => token & 1).join(""),
      );
      expect(information[length]).toBeCloseTo(expected * Math.LN2, 12);
    }
    blockEntropyCurve(process, 4).forEach((bits, length) => {
      expect(blockEntropies.joint[length]).toBeCloseTo(bits * Math.LN2, 12);
    });
    const alone = blockEntropyCurve(zeroOneRandom({ p: 0.3 }), 4);
    expect(blockEntropies.first[4]).toBeCloseTo((alone[4] ?? 0) * Math.LN2, 12);
  });

  test("never falls with the length", () => {
    const { information } = tokenInformation(personaZ1r({ variant: "semi-s" }), { tokenSizes, maxLength: 5 });
    for (let length = 1; length <= 5; length++) {
      expect(information[length]).toBeGreaterThanOrEqual((information[length - 1] ?? 0) - 1e-12);
    }
  });

  test("bad input", () => {
    const process = tensorProduct(coin({ p: 0.5 }), coin({ p: 0.5 }));
    expect(() => tokenInformation(process, { tokenSizes: [2, 3], maxLength: 2 })).toThrow(ShapeError);
    expect(() => tokenInformation(process, { tokenSizes: [4], maxLength: 2 })).toThrow("tokenSizes has 1 entries");
    expect(() => tokenInformation(process, { tokenSizes: [1.5, 2], maxLength: 2 })).toThrow("tokenSizes[0] is 1.5");
    expect(() => tokenInformation(process, { tokenSizes, maxLength: 0 })).toThrow(InvalidArgumentError);
    expect(() => tokenInformation(process, { tokenSizes, maxLength: Number.NaN })).toThrow("maxLength is NaN");
    expect(() => tokenInformation(process, { tokenSizes, maxLength: 2, unit: "bans" as "bits" })).toThrow(
      "unit is bans",
    );
    expect(() => tokenInformation(null as never, { tokenSizes, maxLength: 2 })).toThrow("process is no process");
    const wide = { ...process, stateDim: 2 ** 24 };
    expect(() => tokenInformation(wide, { tokenSizes, maxLength: 2 })).toThrow(UnsupportedError);
  });
});
