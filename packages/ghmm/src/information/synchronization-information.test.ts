import { describe, expect, test } from "vitest";
import { changeBasis } from "../compose/change-basis.ts";
import { shannonEntropy } from "../numeric/entropy.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { simpleNonunifilar } from "../processes/simple-nonunifilar.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { listedCrypticity } from "./_testing/words.ts";
import { beliefLevels } from "./belief-level.ts";
import { crypticity } from "./crypticity.ts";
import { synchronizationInformation } from "./synchronization-information.ts";
import { transientInformation } from "./transient-information.ts";

/** `E[H[b(X_1 .. X_L)]]` for `L < count`, in bits. */
function meanStateEntropies(process: ReturnType<typeof coin>, count: number): number[] {
  const terms: number[] = [];
  for (const level of beliefLevels(process, [{ belief: process.initial, weight: 1 }], 1000, 1e-12)) {
    if (terms.push(level.mean((belief) => shannonEntropy(belief))) === count) break;
  }
  return terms;
}

const machines = [
  ["goldenMean", goldenMean({ p: 0.3 }), 3, 10],
  ["evenOnes", evenOnes({ p: 0.5 }), 3, 100],
  ["zeroOneRandom", zeroOneRandom({ p: 0.3 }), 6, 10],
  ["rrxor", rrxor({}), 6, 250],
] as const;

describe("synchronizationInformation", () => {
  test.each(machines)("of %s is the series of state entropies", (_, process, _length, count) => {
    const { value, method } = synchronizationInformation(process);
    expect(method).toBe("presentation");
    expect(Math.abs(meanStateEntropies(process, count).reduce((a, b) => a + b, 0) - value)).toBeLessThan(1e-8);
  });

  // S_sync - TI = sum_L (chi - chi(L)), with chi(L) from a list of all words: chi(L) is constant from `length` on in these.
  test.each(machines)("T8: of %s exceeds the transient information by the crypticities", (_, process, length) => {
    const limit = crypticity(process).value;
    let sum = 0;
    for (let l = 0; l < length; l++) sum += limit - listedCrypticity(process, l);
    expect(listedCrypticity(process, length)).toBeCloseTo(limit, 9);
    const difference = synchronizationInformation(process).value - transientInformation(process).value;
    expect(difference).toBeCloseTo(sum, 8);
  });

  test("equals the transient information where the crypticity is zero", () => {
    for (const process of [evenOnes({ p: 0.4 }), zeroOneRandom({ p: 0.3 }), rrxor({})]) {
      expect(crypticity(process).value).toBeCloseTo(0, 10);
      expect(synchronizationInformation(process).value).toBeCloseTo(transientInformation(process).value, 9);
    }
  });

  test("an observer that starts in a known state has nothing to learn", () => {
    const started = { ...evenOnes({ p: 0.5 }), initial: Float64Array.of(1, 0) };
    expect(synchronizationInformation(started).value).toBe(0);
  });

  test("a partial sum where the presentation is infinite", () => {
    // each token is possible in each state: the state is never known for certain
    const machine = createHmm({
      operators: [
        [
          [0.7, 0],
          [0.3, 0],
        ],
        [
          [0, 0.3],
          [0, 0.7],
        ],
      ],
    });
    expect(synchronizationInformation(machine).value).toBeCloseTo(1, 12);
    const noisy = createHmm({
      operators: [
        [
          [0.7, 0],
          [0, 0.3],
        ],
        [
          [0, 0.3],
          [0.7, 0],
        ],
      ],
    });
    const found = synchronizationInformation(noisy, { maxLength: 12 });
    expect(found).toMatchObject({ method: "partial-sum", length: 12, unit: "bits" });
    expect(found.value).toBeCloseTo(
      meanStateEntropies(noisy, 12).reduce((a, b) => a + b, 0),
      10,
    );
    expect(found.upper).toBeUndefined();
  });
});

describe("refuses states that are no causal states, and says why", () => {
  test.each([
    ["mess3", mess3({ x: 0.15, a: 0.6 }), "not unifilar: token 0 leads from state 0 to several states"],
    ["simpleNonunifilar", simpleNonunifilar({}), "not unifilar"],
    ["tomQuantum", tomQuantum({ alpha: 1, beta: 1 }), 'its certificate is "kraus"'],
    [
      "a change of basis",
      changeBasis(goldenMean({ p: 0.5 }), [
        [1, 1],
        [0, 1],
      ]),
      'its certificate is "similar-to-hmm"',
    ],
    [
      "a coin of two sides that look alike",
      createHmm({
        operators: [
          [
            [0, 0.5],
            [0.5, 0],
          ],
          [
            [0.5, 0],
            [0, 0.5],
          ],
        ],
      }),
      "states 0 and 1 give all futures the same probabilities",
    ],
  ])("%s", (_, process, reason) => {
    expect(() => synchronizationInformation(process)).toThrow(UnsupportedError);
    expect(() => synchronizationInformation(process)).toThrow(reason);
  });

  test("options out of range", () => {
    expect(() => synchronizationInformation(coin({ p: 0.5 }), { maxStates: 0 })).toThrow("maxStates is 0");
    expect(() => synchronizationInformation(coin({ p: 0.5 }), { maxLength: -1 })).toThrow("maxLength is -1");
  });
});
