import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { countWindows } from "./count-windows.ts";
import { readBatch } from "./read-tokens.ts";

const alphabet = ["0", "1", "2"];

test.prop([fc.array(fc.array(fc.nat(2), { maxLength: 9 }), { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 2)])(
  "counts every window of each sequence once",
  (sequences, wordLength) => {
    const width = 2 * wordLength + 1;
    const windows = sequences.flatMap((tokens) =>
      tokens.flatMap((_, t) => (t + width <= tokens.length ? [tokens.slice(t, t + width)] : [])),
    );
    const batch = readBatch("f", { alphabet }, { tokens: sequences.flat(), lengths: sequences.map((s) => s.length) });
    if (windows.length === 0) {
      expect(() => countWindows("f", batch, 3, wordLength)).toThrow(`f: no sequence has ${width} tokens`);
      return;
    }
    const counted = countWindows("f", batch, 3, wordLength);
    expect(counted.windows).toBe(windows.length);
    const expected = new Float64Array(3 ** width);
    for (const window of windows) {
      const code = window.reduce((sum, x) => sum * 3 + x, 0);
      expected[code] = (expected[code] ?? 0) + 1;
    }
    expect(counted.frequencies).toEqual(expected.map((count) => count / windows.length));
    const half = Math.ceil(windows.length / 2);
    counted.halves.forEach((frequencies, h) => {
      const share = [half, windows.length - half][h] ?? 0;
      expect(frequencies.reduce((a, b) => a + b, 0)).toBeCloseTo(Math.sign(share), 12);
    });
  },
);
