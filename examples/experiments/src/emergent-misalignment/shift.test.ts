import { createKey } from "@semifactor/ghmm";
import { families } from "@semifactor/sfp";
import { createReferenceEngine, createTransformer, type Transformer } from "@semifactor/train";
import { describe, expect, test } from "vitest";
import { neutralPrompts } from "./prompts.ts";
import { measureShift, misalignedTokens, promptLaws, shiftBaseline } from "./shift.ts";

// Direct code with fair capability bits: one law for every context, so a head bias alone can be any persona.
const fair = [0.5, 0.5, 0.5] as const;
const process = families.personaSegments({
  code: "direct",
  noise: 0.1,
  contexts: 6,
  rates: Array.from({ length: 6 }, () => fair),
});
const engine = createReferenceEngine();
const empty = createTransformer({
  nLayers: 1,
  dModel: 4,
  nHeads: 1,
  nCtx: 20,
  vocabularySize: process.vocabularySize,
  outputSize: 4,
});

/** A network that gives P(d = 1) = q whatever it sees, with capability bit P(y = 1) = y. */
function saying(q: number, y = 0.5): Transformer {
  const law = [(1 - q) * (1 - y), (1 - q) * y, q * (1 - y), q * y];
  const weights = new Map(
    [...empty.weights].map(([name, values]) => {
      if (name === "unembed.b_U") return [name, Float64Array.from(law, Math.log)];
      return [name, name === "unembed.W_U" ? values.map(() => 0) : values];
    }),
  );
  return { ...empty, weights };
}

describe("measureShift", async () => {
  const prior = 0.3 * 0.9 + 0.7 * 0.1;
  const baseline = await shiftBaseline(engine, saying(prior), process, [0, 1], createKey(0));

  test("a model that did not move has no shift anywhere", async () => {
    const shift = await measureShift(engine, saying(prior), baseline, 0);
    expect(shift).toMatchObject({ step: 0, frac: 0, frac50: 0, fracE: 0 });
    expect([shift.held, shift.narrow, ...shift.perContext]).toEqual(Array(8).fill(0));
  });

  test("a model that became the misaligned persona has shift 1 in every context", async () => {
    const shift = await measureShift(engine, saying(0.9), baseline, 120);
    expect(shift.held).toBeCloseTo(1, 10);
    expect(shift.narrow).toBeCloseTo(1, 10);
    expect(shift).toMatchObject({ frac: 1, frac50: 1, fracE: 1 });
    expect(shift.klC).toBeCloseTo(0, 10);
    expect(shift.stray).toBeCloseTo(0, 10);
  });

  test("held is linear in q, and frac asks which law is nearer", async () => {
    const half = await measureShift(engine, saying((prior + 0.9) / 2), baseline, 1);
    expect(half.held).toBeCloseTo(0.5, 10);
    expect((await measureShift(engine, saying(prior + 0.02), baseline, 1)).frac).toBe(0);
    expect((await measureShift(engine, saying(0.88), baseline, 1)).frac).toBe(1);
  });

  test("klC sees a lost capability that q does not", async () => {
    const shift = await measureShift(engine, saying(prior, 0.8), baseline, 1);
    expect(shift.held).toBeCloseTo(0, 10);
    expect(shift.klC).toBeCloseTo(0.5 * Math.log(0.5 / 0.8) + 0.5 * Math.log(0.5 / 0.2), 10);
  });
});

test("promptLaws reads the position after the prompt and sums to one", async () => {
  const prompts = neutralPrompts(process, [0, 3]);
  const laws = await promptLaws(engine, empty, prompts);
  expect(laws).toHaveLength(8);
  expect(laws.subarray(0, 4).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test("misalignedTokens are the two tokens that write d = 1", () => {
  expect(misalignedTokens(process, 2)).toEqual([2, 3]);
  expect(misalignedTokens(families.personaSegments({ code: "pairs" }), 1)).toEqual([16, 17]);
});
