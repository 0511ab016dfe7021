import { createKey, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { tokenArraySource } from "./token-array-source.ts";

const tokens = Int32Array.from({ length: 40 }, (_, i) => Math.floor(i / 4));
const options = { tokens, length: 3, vocabularySize: 10, batchSize: 5, key: createKey(1) };

describe("tokenArraySource", () => {
  test("a batch depends on key and step alone, not on the batches before it", () => {
    const [a, b] = [tokenArraySource(options), tokenArraySource(options)];
    a.batch(0);
    a.batch(1);
    expect(a.batch(9)).toEqual(b.batch(9));
    expect(a.batch(9)).not.toEqual(a.batch(8));
    expect(tokenArraySource({ ...options, key: createKey(2) }).batch(9)).not.toEqual(a.batch(9));
  });

  test("batches are whole sequences, and every sequence comes up", () => {
    const source = tokenArraySource(options);
    const seen = new Set<number>();
    for (let step = 0; step < 40; step++) {
      const batch = source.batch(step).tokens;
      for (let b = 0; b < 5; b++) {
        const row = batch.subarray(b * 4, b * 4 + 4);
        expect(new Set(row).size).toBe(1);
        seen.add(row[0] ?? -1);
      }
    }
    expect(seen.size).toBe(10);
  });

  test("the mask is the same for every sequence", () => {
    const { lossMask } = tokenArraySource({ ...options, lossMask: Uint8Array.of(1, 0, 1) }).batch(0);
    expect([...(lossMask ?? [])]).toEqual(Array.from({ length: 15 }, (_, i) => (i % 3 === 1 ? 0 : 1)));
  });

  test.each([
    ["half a sequence", { tokens: new Int32Array(6) }, ShapeError],
    ["no sequence", { tokens: new Int32Array(0) }, ShapeError],
    ["a mask of another length", { lossMask: new Uint8Array(4) }, ShapeError],
    ["an empty batch", { batchSize: 0 }, InvalidArgumentError],
    ["no length", { length: Number.NaN }, InvalidArgumentError],
    ["no key", { key: undefined as never }, InvalidArgumentError],
    ["a list of tokens", { tokens: [0, 1, 2, 3] as never }, InvalidArgumentError],
    ["no tokens", { tokens: undefined as never }, InvalidArgumentError],
  ])("%s is refused by name", (_, extra, kind) => {
    expect(() => tokenArraySource({ ...options, ...extra })).toThrow(kind);
  });
});
