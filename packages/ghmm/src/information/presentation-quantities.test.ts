import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, periodicHmm, sparseHmm } from "../arbitraries/index.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { type MixedStatePresentation, mixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { crypticity } from "./crypticity.ts";
import { entropyRate } from "./entropy-rate.ts";
import { excessEntropy } from "./excess-entropy.ts";
import { presentationQuantities } from "./presentation-quantities.ts";
import { statisticalComplexity } from "./statistical-complexity.ts";
import { synchronizationInformation } from "./synchronization-information.ts";
import { transientInformation } from "./transient-information.ts";

/** The presentation, if it is finite and no belief stands for others that only converge to it. */
function finite(process: Process): MixedStatePresentation | undefined {
  const presentation = mixedStatePresentation(process, { maxStates: 200, tolerance: 1e-9 });
  return presentation.complete && presentation.mergeDistance < 1e-11 ? presentation : undefined;
}

describe("presentationQuantities", () => {
  test.prop(
    [
      fc.oneof(
        sparseHmm(),
        periodicHmm().map(({ process }) => process),
        hmm({ maxStates: 2 }),
      ),
    ],
    { numRuns: 60 },
  )("are those of the single functions", (process) => {
    const presentation = finite(process);
    if (presentation === undefined) return;
    const all = presentationQuantities(presentation);
    expect(all.entropyRate).toBeCloseTo(entropyRate(process).value, 9);
    expect(all.excessEntropy).toBeCloseTo(excessEntropy(process).value, 9);
    expect(all.transientInformation).toBeCloseTo(transientInformation(process).value, 8);
    expect(all.statisticalComplexity).toBeCloseTo(statisticalComplexity(process).value, 9);
    expect(all.crypticity).toBeCloseTo(crypticity(process).value, 9);
    // from a stationary start: 0 <= E <= C_mu
    expect(all.excessEntropy).toBeGreaterThan(-1e-10);
    expect(all.crypticity).toBeGreaterThan(-1e-9);
    if (all.synchronizationInformation === undefined) return;
    expect(all.synchronizationInformation).toBeCloseTo(synchronizationInformation(process).value, 8);
    expect(all.synchronizationInformation).toBeGreaterThan(all.transientInformation - 1e-8);
  });

  test.prop([gaugeTransformed({ maxStates: 2, maxTokens: 2 })], { numRuns: 30 })(
    "refuse a truncated presentation",
    (pair) => {
      const presentation = mixedStatePresentation(pair.ghmm, { maxStates: 20, tolerance: 1e-13 });
      if (presentation.complete) return;
      expect(() => presentationQuantities(presentation)).toThrow(UnsupportedError);
    },
  );

  test("weights are shares of time, zero on transient mixed states", () => {
    const presentation = mixedStatePresentation(zeroOneRandom({ p: 0.5 }));
    const { weights } = presentationQuantities(presentation);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    presentation.recurrent.forEach((recurrent, i) => {
      expect(weights[i]).toBeCloseTo(recurrent ? 1 / 3 : 0, 14);
    });
  });

  test("nats are ln 2 bits", () => {
    const presentation = mixedStatePresentation(evenOnes({ p: 0.3 }));
    const [bits, nats] = (["bits", "nats"] as const).map((unit) => presentationQuantities(presentation, { unit }));
    for (const name of [
      "entropyRate",
      "excessEntropy",
      "transientInformation",
      "statisticalComplexity",
      "synchronizationInformation",
    ] as const) {
      expect(nats?.[name]).toBeCloseTo((bits?.[name] ?? 0) * Math.LN2, 12);
    }
    expect(nats?.unit).toBe("nats");
  });

  test("a process of one mixed state", () => {
    const all = presentationQuantities(mixedStatePresentation(coin({ p: 0.5 })));
    expect(all).toMatchObject({ entropyRate: 1, statisticalComplexity: 0, synchronizationInformation: 0 });
    expect(all.excessEntropy).toBeCloseTo(0, 14);
  });

  test("bad input", () => {
    const truncated = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 50 });
    expect(() => presentationQuantities(truncated)).toThrow("presentationQuantities: the presentation is truncated at");
    // @ts-expect-error the compiler refuses it too
    expect(() => presentationQuantities(truncated, { unit: "dits" })).toThrow("unit is dits");
    const rows = mixedStatePresentation(rrxor({}));
    const large = { ...rows, states: Array.from({ length: 1025 }, () => Float64Array.of(1)) };
    expect(() => presentationQuantities(large)).toThrow("the presentation has 1025 mixed states");
  });
});
