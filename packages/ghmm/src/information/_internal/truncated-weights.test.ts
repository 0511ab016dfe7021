import { describe, expect, test } from "vitest";
import { mixedStatePresentation } from "../../presentation/mixed-state-presentation.ts";
import { createHmm } from "../../process/create.ts";
import { mess3 } from "../../processes/mess3.ts";
import { rrxor } from "../../processes/rrxor.ts";
import { simpleNonunifilar } from "../../processes/simple-nonunifilar.ts";
import { truncatedWeights } from "./truncated-weights.ts";

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe("truncatedWeights", () => {
  test("of a complete presentation leave nothing out", () => {
    const { weights, truncation } = truncatedWeights(mixedStatePresentation(rrxor({})));
    expect(truncation).toBe(0);
    expect(Array.from(weights.filter((w) => w > 1e-12)).map((w) => Math.round(6 * w))).toHaveLength(5);
    expect(total(weights)).toBeCloseTo(1, 13);
  });

  test.each([8, 16, 32])(
    "of %i states of a renewal process leave out half as much with each state more",
    (maxStates) => {
      const process = simpleNonunifilar({ p: 0.5, q: 0.5 });
      const [more, less] = [maxStates, maxStates + 4].map((size) => {
        return truncatedWeights(mixedStatePresentation(process, { maxStates: size, tolerance: 1e-13 }));
      });
      const shrunk = (less?.truncation ?? 1) / (more?.truncation ?? 0);
      expect(shrunk).toBeGreaterThan(1 / 17);
      expect(shrunk).toBeLessThan(1 / 8);
      expect(total(more?.weights ?? new Float64Array())).toBeCloseTo(1, 13);
    },
  );

  test("of a process without end carry a share of the time that does not vanish", () => {
    const presentation = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 200 });
    expect(truncatedWeights(presentation).truncation).toBeGreaterThan(0.1);
  });

  test("beside a recurrent class, the probability of leaving before it is reached", () => {
    // token 0 is a noisy signal of the state, token 1 ends in a third state for ever
    const process = createHmm({
      operators: [
        [
          [0.7, 0, 0],
          [0, 0.2, 0],
          [0, 0, 0],
        ],
        [
          [0, 0, 0.3],
          [0, 0, 0.8],
          [0, 0, 1],
        ],
      ],
      initial: [0.5, 0.5, 0],
    });
    const { weights, truncation } = truncatedWeights(mixedStatePresentation(process, { maxDepth: 6 }));
    // the word of six zeros leads out
    expect(truncation).toBeCloseTo((0.7 ** 6 + 0.2 ** 6) / 2, 12);
    expect(Math.max(...weights)).toBeCloseTo(1, 12);
  });
});
