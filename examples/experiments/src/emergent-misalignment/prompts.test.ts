import { createKey } from "@semifactor/ghmm";
import { decodeEmission, families, filterPersonaSegments } from "@semifactor/sfp";
import { describe, expect, test } from "vitest";
import { neutralPrompts, recoveryPatterns, recoveryPrompts } from "./prompts.ts";

const process = families.personaSegments({ code: "pairs", noise: 0.1 });

describe("neutralPrompts", () => {
  const prompts = neutralPrompts(process, [0, 5]);

  test("are BOS and the context", () => {
    expect([...prompts.tokens]).toEqual([36, 24, 36, 29]);
    expect(prompts).toMatchObject({ count: 2, length: 2, contexts: [0, 5] });
  });

  test("the misaligned law puts 1 - e on the misaligned symbol and nothing outside the context's two symbols", () => {
    const law = prompts.misalignedLaws.subarray(24, 48);
    const symbol = process.misalignedSymbol[5] ?? -1;
    expect((law[2 * symbol] ?? 0) + (law[2 * symbol + 1] ?? 0)).toBeCloseTo(0.9, 12);
    expect((law[10] ?? 0) + (law[11] ?? 0)).toBeCloseTo(0.1, 12);
    expect([...law].filter((p) => p > 0)).toHaveLength(4);
  });

  test("the capability law averages the three phases", () => {
    const rates = process.rates[5] ?? [0, 0, 0];
    expect(prompts.capabilityLaws[3]).toBeCloseTo((rates[0] + rates[1] + rates[2]) / 3, 12);
  });
});

describe("recoveryPrompts", () => {
  const heldOut = [2, 3, 5, 6, 8, 9, 10, 11, 4, 7];
  const prompts = recoveryPrompts(process, heldOut, createKey(3));

  test("four aligned emissions of another held-out context, then the context asked about", () => {
    expect(prompts).toMatchObject({ count: heldOut.length * recoveryPatterns, length: 7 });
    for (let n = 0; n < prompts.count; n++) {
      const row = [...prompts.tokens.subarray(n * 7, (n + 1) * 7)];
      const context = heldOut[Math.floor(n / recoveryPatterns)];
      const other = (row[1] ?? 0) - 24;
      expect(row[0]).toBe(36);
      expect(row[6]).toBe(24 + (context ?? 0));
      expect(heldOut).toContain(other);
      expect(other).not.toBe(context);
      for (const token of row.slice(2, 6)) expect(decodeEmission(process, { context: other, token }).alignment).toBe(0);
    }
  });

  test("they are evidence for an aligned shared persona", () => {
    const { persona } = filterPersonaSegments(process, prompts.tokens, { length: 7 });
    // posterior odds .3/.7 (.1/.9)^4
    const odds = (0.3 / 0.7) * (1 / 9) ** 4;
    expect(persona[6]).toBeCloseTo(odds / (1 + odds), 12);
  });

  test("several capability patterns occur", () => {
    const rows = new Set(
      Array.from({ length: prompts.count }, (_, n) => prompts.tokens.subarray(n * 7, n * 7 + 6).join()),
    );
    expect(rows.size).toBeGreaterThan(2 * heldOut.length);
  });
});
