import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { createWasmEngine } from "../../engines/wasm/index.ts";
import { largestError } from "../../kernels/_testing/named-call.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import type { Intervention } from "../../model/interventions.ts";
import { activationGradients } from "../gradients.ts";
import { run } from "../run.ts";

const model = randomModel();
const hook = "blocks.0.hook_resid_mid";
const pattern = "blocks.1.attn.hook_pattern";
const length = 3;
// More sequences than one execution takes: 64, then 64, then 2.
const count = 130;
const tokens = Int32Array.from({ length: count * length }, (_, i) => (i * i + 2 * i) % 5);
const rows = [0, 63, 64, 127, 128, 129];
const values = Float64Array.from({ length: count * length * 4 }, (_, i) => Math.sin(i));
const weights = Float64Array.from({ length: count * 2 * length * length }, (_, i) => Math.cos(i) ** 2);

/** The part of an intervention that belongs to one sequence alone. */
function alone(intervention: Intervention, row: number): Intervention {
  const { rows: chosen, ...rest } = intervention;
  const own = chosen === undefined || chosen === "all" || chosen.includes(row) ? [0] : [];
  if (rest.kind !== "patch") return { ...rest, rows: own };
  const size = rest.values.length / count;
  return { ...rest, rows: own, values: Array.from(rest.values).slice(row * size, (row + 1) * size) };
}

const cases: readonly (readonly [string, readonly Intervention[]])[] = [
  ["added to rows at the ends of executions", [{ hook, vector: [1, -1, 0.5, 2], rows, positions: [0, 2] }]],
  ["patched from another run", [{ kind: "patch", hook, values, rows }]],
  ["patched everywhere, in part", [{ kind: "patch", hook, values, strength: 0.3 }]],
  ["patched patterns", [{ kind: "patch", hook: pattern, values: weights, positions: [1, 2] }]],
  [
    "two at one hook point, in order, and one elsewhere",
    [
      { hook, vector: [1, 1, 1, 1], rows },
      { kind: "clamp", hook, coordinate: 2, value: 0.25 },
      { kind: "patch", hook: "blocks.1.hook_resid_post", values, rows: [64, 129], positions: [1] },
    ],
  ],
];

describe.each(cases)("%s", (_, interventions) => {
  test.each([
    ["reference", async () => createReferenceEngine(), 1e-12],
    ["wasm", () => createWasmEngine(), 1e-4],
  ] as const)("every sequence of many is what it is alone: %s", async (__, create, tolerance) => {
    const engine = await create();
    const reference = createReferenceEngine();
    const capture = [hook, pattern] as const;
    const capturePositions = [2, 0];
    const options = { length, capture, capturePositions };
    const all = await run(model, { ...options, tokens, engine, interventions });
    const logitGradient = Float64Array.from({ length: count * length * 3 }, (___, i) => Math.cos(i));
    const slopes = await activationGradients(model, {
      ...{ tokens, length, engine, interventions, logitGradient },
      at: [hook, pattern],
    });
    for (const row of [1, ...rows]) {
      const single = {
        tokens: tokens.subarray(row * length, (row + 1) * length),
        engine: reference,
        interventions: interventions.map((intervention) => alone(intervention, row)),
      };
      const one = await run(model, { ...options, ...single });
      const part = (whole: ArrayLike<number>): readonly number[] => {
        const size = whole.length / count;
        return Array.from(whole).slice(row * size, (row + 1) * size);
      };
      expect(largestError(part(all.logits), one.logits), `logits of ${row}`).toBeLessThan(tolerance);
      const slope = await activationGradients(model, {
        ...{ ...single, length, at: [hook, pattern] },
        logitGradient: part(logitGradient),
      });
      for (const point of capture) {
        const captured = part(all.captured[point].values);
        expect(largestError(captured, one.captured[point].values), `${point} of ${row}`).toBeLessThan(tolerance);
        const gradient = part(slopes.gradients[point].values);
        expect(largestError(gradient, slope.gradients[point].values), `gradient of ${row}`).toBeLessThan(tolerance);
      }
    }
    engine.dispose();
  });
});
