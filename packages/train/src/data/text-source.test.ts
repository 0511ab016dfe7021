import { fc, test } from "@fast-check/vitest";
import { createKey, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { trainBytePairs } from "./_testing/byte-pairs.ts";
import { stories } from "./_testing/stories.ts";
import { type TextSourceOptions, textSource } from "./text-source.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

/** One token per letter from a to y; z ends a document. */
const letters: Tokenizer = {
  vocabularySize: 26,
  endOfText: 25,
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 97),
  decode: (tokens) => String.fromCharCode(...Array.from(tokens, (token) => 97 + token)),
};
const key = createKey(5);
const alphabet = { text: "abcdefghijklmnopqrstuvwxy", tokenizer: letters, length: 4, batchSize: 1, key };

/** The rows of consecutive batches, as text. */
function rows(options: TextSourceOptions, steps: readonly number[]): readonly string[] {
  const source = textSource(options);
  const width = options.length + 1;
  return steps.flatMap((step) => {
    const { tokens } = source.batch(step);
    return Array.from({ length: options.batchSize }, (_, b) =>
      options.tokenizer.decode(tokens.subarray(b * width, (b + 1) * width)),
    );
  });
}

const range = (first: number, end: number): readonly number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);
const sorted = (list: readonly string[]): readonly string[] => [...list].sort();

describe("windows", () => {
  test("are consecutive, each token but the first a target once, and what fills none is left out", () => {
    expect(sorted(rows(alphabet, range(0, 6)))).toEqual(["abcde", "efghi", "ijklm", "mnopq", "qrstu", "uvwxy"]);
    expect(sorted(rows({ ...alphabet, text: "abcdefgh" }, [0]))).toEqual(["abcde"]);
    expect(sorted(rows({ ...alphabet, text: "abcdefghi" }, [0, 1]))).toEqual(["abcde", "efghi"]);
  });

  test("documents are joined by the end-of-text token, which also ends the last", () => {
    const { text: _, ...rest } = alphabet;
    const documents = ["abc", "", "defg", "h"];
    expect(sorted(rows({ ...rest, documents, length: 3 }, [0, 1, 2]))).toEqual(["abcz", "efgz", "zzde"]);
    expect(rows({ ...rest, documents: ["abc", "d"], length: 5, endOfText: 24 }, [0])).toEqual(["abcydy"]);
  });

  test.prop([
    fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 3, maxLength: 40 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 5 }),
    fc.nat(),
  ])("every one comes once in every epoch, in batches of any size", (text, length, batchSize, seed) => {
    const options = {
      text,
      tokenizer: letters,
      length: Math.min(length, text.length - 1),
      batchSize,
      key: createKey(seed),
    };
    const count = Math.floor((text.length - 1) / options.length);
    const all = range(0, count).map((w) => text.slice(w * options.length, (w + 1) * options.length + 1));
    const epochs = 3;
    const drawn = rows(options, range(0, Math.ceil((epochs * count) / batchSize)));
    for (let e = 0; e < epochs; e++) expect(sorted(drawn.slice(e * count, (e + 1) * count))).toEqual(sorted(all));
  });
});

describe("order", () => {
  test("a batch depends on key and step alone, not on the batches before it nor on how samples are grouped", () => {
    const steps = [9, 0, 31, 4, 4, 5];
    const alone = steps.flatMap((step) => rows(alphabet, [step]));
    expect(rows(alphabet, steps)).toEqual(alone);
    expect(rows({ ...alphabet, batchSize: 6 }, [2])).toEqual(rows(alphabet, range(12, 18)));
    expect(rows({ ...alphabet, batchSize: 4 }, [2])).toEqual(rows(alphabet, range(8, 12)));
  });

  test("differs between epochs and between keys", () => {
    const epochs = range(0, 5).map((e) => rows(alphabet, range(6 * e, 6 * e + 6)).join());
    expect(new Set(epochs).size).toBe(5);
    expect(rows({ ...alphabet, key: createKey(6) }, range(0, 6)).join()).not.toBe(epochs[0]);
  });
});

test("stories through a byte-level byte-pair encoding come out as they went in", async () => {
  const documents = stories(createKey(2), 40);
  const trained = trainBytePairs(documents.join("\n"), 60);
  const tokenizer = await loadTokenizer(trained.tokenizerJson, trained.tokenizerConfigJson);
  const source = textSource({ documents, tokenizer, length: 16, batchSize: 3, key });
  const joined = documents.map((story) => `${story}<|endoftext|>`).join("");
  const seen = new Set<number>();
  for (let step = 0; step < 20; step++) {
    const { tokens } = source.batch(step);
    for (let b = 0; b < 3; b++) {
      const row = tokens.subarray(b * 17, (b + 1) * 17);
      expect(joined).toContain(tokenizer.decode(row));
      for (const token of row) seen.add(token);
    }
  }
  expect(seen).toContain(tokenizer.endOfText);
  expect(source.vocabularySize).toBe(256 + 60 + 1);
});

describe("refusals", () => {
  const noEnd: Tokenizer = { vocabularySize: 26, encode: letters.encode, decode: letters.decode };
  const documents = ["abcdef", "ghi"];
  test.each([
    ["a text without a window", { text: "abcd" }, ShapeError],
    ["an empty text", { text: "" }, ShapeError],
    [
      "documents without a token that ends them",
      { text: undefined, documents, tokenizer: noEnd },
      InvalidArgumentError,
    ],
    ["an end of text that is no token", { text: undefined, documents, endOfText: 26 }, InvalidArgumentError],
    ["a tokenizer that gives tokens beyond its size", { text: "abc{efg" }, InvalidArgumentError],
    ["a length of 0", { length: 0 }, InvalidArgumentError],
    ["half a sequence per batch", { batchSize: 0.5 }, InvalidArgumentError],
    ["a key that is none", { key: [0.5, 0] as const }, InvalidArgumentError],
  ])("%s", (_, extra, kind) => {
    const options = { ...alphabet, ...extra } as TextSourceOptions;
    expect(() => textSource(options)).toThrow(kind);
  });

  test("a step that is none", () => {
    const source = textSource(alphabet);
    for (const step of [-1, 0.5, Number.NaN]) expect(() => source.batch(step)).toThrow(InvalidArgumentError);
  });
});

describe("what is no token, text or tokenizer", () => {
  const giving = (...tokens: readonly number[]): Tokenizer => ({ ...letters, encode: () => tokens });

  test.each<[string, object]>([
    ["the tokenizer gave token NaN at index 1", { tokenizer: giving(0, Number.NaN, 2, 3, 4) }],
    ["the tokenizer gave token 0.5 at index 0", { tokenizer: giving(0.5, 1, 2, 3, 4) }],
    ["the tokenizer gave token 26 at index 4", { tokenizer: giving(0, 1, 2, 3, 26) }],
    ["endOfText is NaN", { text: undefined, documents: ["abc", "defg"], endOfText: Number.NaN }],
    ["endOfText is 1.5", { text: undefined, documents: ["abc", "defg"], endOfText: 1.5 }],
    ["endOfText is 26", { text: undefined, documents: ["abc", "defg"], endOfText: 26 }],
    ["text is undefined", { text: undefined }],
    ['documents is "abc"', { text: undefined, documents: "abc" }],
    ["a document is 7", { text: undefined, documents: ["abcdef", 7] }],
    ["tokenizer is undefined", { tokenizer: undefined }],
    ["tokenizer.encode is undefined", { tokenizer: {} }],
  ])("%s: refused by name", (message, part) => {
    expect(() => textSource({ ...alphabet, ...part } as TextSourceOptions)).toThrow(`textSource: ${message}`);
  });

  test("no options", () => {
    expect(() => textSource(undefined as never)).toThrow("textSource: options is undefined");
  });
});
