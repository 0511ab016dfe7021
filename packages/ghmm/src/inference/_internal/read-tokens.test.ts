import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { readBatch, readTokens } from "./read-tokens.ts";

const process = { alphabet: ["a", "b", "c"] };

test.prop([fc.array(fc.array(fc.nat(2), { maxLength: 5 }), { maxLength: 5 })])(
  "a batch knows where each sequence is",
  (sequences) => {
    const { tokens, lengths, starts } = readBatch("f", process, {
      tokens: sequences.flat(),
      lengths: sequences.map((sequence) => sequence.length),
    });
    sequences.forEach((sequence, i) => {
      const start = starts[i] ?? Number.NaN;
      expect(Array.from(tokens.subarray(start, start + (lengths[i] ?? 0)))).toEqual(sequence);
    });
  },
);

test("without lengths there is one sequence, and tokens are copied", () => {
  const given = [0, 2];
  const read = readBatch("f", process, { tokens: given });
  given[0] = 1;
  expect(read).toEqual({ tokens: Int32Array.of(0, 2), lengths: Int32Array.of(2), starts: Int32Array.of(0) });
});

test.each([[[3]], [[-1]], [[0.5]], [[Number.NaN]]])("refuses %j", (tokens) => {
  expect(() => readTokens("f", process, tokens)).toThrow(`f: the token at position 0 is ${tokens[0]}`);
});

test("what is no list is refused by name", () => {
  for (const bad of [null, "012", 3]) {
    expect(() => readTokens("f", process, bad as never)).toThrow("f: the word is ");
    expect(() => readBatch("f", process, { tokens: bad as never })).toThrow("f: tokens is ");
    expect(() => readBatch("f", process, { tokens: [0], lengths: bad as never })).toThrow("f: lengths is ");
  }
});
