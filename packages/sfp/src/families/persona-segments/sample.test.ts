import { createKey, foldIn } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEmission } from "./code.ts";
import { personaSegments } from "./definition.ts";
import { type PersonaSegmentsSample, samplePersonaSegments } from "./sample.ts";

const process = personaSegments({ code: "pairs" });
const key = createKey(11);

function latentsOf({ latents }: PersonaSegmentsSample) {
  if (latents === undefined) throw new Error("latents were asked for");
  return latents;
}

describe("samplePersonaSegments", () => {
  test("is a pure function of (key, index): any window equals the same rows of a larger batch", () => {
    const whole = samplePersonaSegments(process, { key, count: 40 }).tokens;
    fc.assert(
      fc.property(fc.nat(39), fc.nat(39), (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const { tokens } = samplePersonaSegments(process, { key, count: last - first, firstIndex: first });
        expect(tokens).toEqual(whole.slice(first * 21, last * 21));
      }),
    );
    expect(samplePersonaSegments(process, { key: foldIn(key, 1), count: 40 }).tokens).not.toEqual(whole);
  });

  test("golden: the first sequence of key 0 (own golden, fixed so that studies repeat)", () => {
    const { tokens } = samplePersonaSegments(process, { key: createKey(0), count: 1 });
    expect(Array.from(tokens)).toMatchInlineSnapshot(`
      [
        36,
        27,
        6,
        6,
        7,
        7,
        24,
        7,
        1,
        0,
        1,
        27,
        7,
        7,
        6,
        7,
        27,
        7,
        6,
        7,
        13,
      ]
    `);
  });

  test("sequences are BOS, then context tokens and emissions that the context allows", () => {
    const { tokens, latents } = samplePersonaSegments(process, { key, count: 50, withLatents: true });
    for (let i = 0; i < 50; i++) {
      const row = tokens.subarray(i * 21, (i + 1) * 21);
      expect(row[0]).toBe(36);
      const contexts = new Set<number>();
      for (let s = 0; s < 4; s++) {
        const context = (row[1 + 5 * s] ?? 0) - 24;
        contexts.add(context);
        expect(context).toBe(latents?.context[i * 4 + s]);
        for (let m = 0; m < 4; m++) decodeEmission(process, { context, token: row[2 + 5 * s + m] ?? -1 });
      }
      expect(contexts.size).toBeLessThanOrEqual(3);
    }
  });

  test("contexts, persona and phase have their laws", () => {
    const count = 20000;
    const { persona, phase, context } = latentsOf(samplePersonaSegments(process, { key, count, withLatents: true }));
    const mean = persona.reduce((sum, a) => sum + a, 0) / count;
    expect(Math.abs(mean - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / count));
    for (let s = 0; s < 3; s++) {
      const share = phase.filter((value) => value === s).length / count;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / count));
    }
    for (let c = 0; c < 12; c++) {
      const share = context.filter((value) => value === c).length / (4 * count);
      expect(Math.abs(share - 1 / 12)).toBeLessThan(0.004);
    }
    let repeats = 0;
    for (let i = 0; i < count; i++) repeats += context[4 * i] === context[4 * i + 1] ? 1 : 0;
    expect(Math.abs(repeats / count - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / count)); // 1/J
  });

  test.each([0, 0.5, 1])("bits of two contexts agree with correlation lambda^2, lambda = %d", (sharing) => {
    const count = 20000;
    const options = { code: "pairs", sharing, perSequence: 2 } as const;
    const sample = samplePersonaSegments(personaSegments(options), { key, count, withLatents: true });
    const { context, misaligned } = latentsOf(sample);
    let [n, first, both] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      if (context[4 * i] === context[4 * i + 1]) {
        expect(misaligned[4 * i]).toBe(misaligned[4 * i + 1]); // one bit for one context
        continue;
      }
      n++;
      first += misaligned[4 * i] ?? 0;
      both += (misaligned[4 * i] ?? 0) * (misaligned[4 * i + 1] ?? 0);
    }
    expect(Math.abs(first / n - 0.3)).toBeLessThan(0.02);
    expect(Math.abs((both / n - 0.09) / 0.21 - sharing ** 2)).toBeLessThan(0.06);
  });

  test("emissions have the law of their context, bit and phase, and the phase persists through segments", () => {
    const count = 20000;
    const sample = samplePersonaSegments(process, { key, count, withLatents: true });
    const { context, misaligned, phase } = latentsOf(sample);
    let [wrong, total] = [0, 0];
    const ones = new Float64Array(36);
    const seen = new Float64Array(36);
    for (let i = 0; i < count; i++) {
      for (let e = 0; e < 16; e++) {
        const at = i * 4 + Math.floor(e / 4);
        const c = context[at] ?? 0;
        const token = sample.tokens[i * 21 + 2 + e + Math.floor(e / 4)] ?? -1;
        const { alignment, capability } = decodeEmission(process, { context: c, token });
        wrong += alignment === misaligned[at] ? 0 : 1;
        total++;
        const cell = 3 * c + (((phase[i] ?? 0) + e) % 3);
        seen[cell] = (seen[cell] ?? 0) + 1;
        ones[cell] = (ones[cell] ?? 0) + capability;
      }
    }
    expect(Math.abs(wrong / total - 0.0987)).toBeLessThan(4 * Math.sqrt(0.09 / total));
    for (let cell = 0; cell < 36; cell++) {
      const rate = process.rates[Math.floor(cell / 3)]?.[cell % 3] ?? -1;
      const n = seen[cell] ?? 0;
      expect(Math.abs((ones[cell] ?? 0) / n - rate)).toBeLessThan(4.5 * Math.sqrt((rate * (1 - rate)) / n));
    }
  });

  test("narrow data stays in its contexts with the alignment asked for", () => {
    for (const alignment of ["misaligned", "aligned"] as const) {
      const sample = samplePersonaSegments(process, {
        key,
        count: 500,
        contexts: [4, 7],
        alignment,
        withLatents: true,
      });
      const { context, misaligned, persona } = latentsOf(sample);
      expect(new Set(context)).toEqual(new Set([4, 7]));
      const bit = alignment === "misaligned" ? 1 : 0;
      expect(new Set(misaligned)).toEqual(new Set([bit]));
      expect(new Set(persona)).toEqual(new Set([bit]));
      const share = context.filter((c) => c === 4).length / 2000;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.05);
    }
  });

  test("an empty batch is empty, and latents are returned only on request", () => {
    const sample = samplePersonaSegments(process, { key, count: 0 });
    expect(sample.tokens.length).toBe(0);
    expect(sample).not.toHaveProperty("latents");
  });

  test("refuses bad options by name", () => {
    const sample = (options: object) => () => samplePersonaSegments(process, { key, count: 1, ...options });
    expect(sample({ count: -1 })).toThrow("samplePersonaSegments: count is -1");
    expect(sample({ firstIndex: 2 ** 32 })).toThrow("firstIndex is 4294967296");
    expect(sample({ count: 2 ** 30 })).toThrow("samplePersonaSegments: count * length is 22548578304");
    expect(sample({ contexts: [] })).toThrow("contexts is []");
    expect(sample({ contexts: [1, 1] })).toThrow("contexts is [1, 1]");
    expect(sample({ contexts: [12] })).toThrow("contexts[0] is 12");
    expect(sample({ alignment: "evil" })).toThrow('alignment is "evil"');
  });
});
