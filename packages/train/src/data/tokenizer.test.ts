import { fc, test } from "@fast-check/vitest";
import { CorruptFileError, createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { byteNames, bytePieces, mergePair, trainBytePairs } from "./_testing/byte-pairs.ts";
import { stories } from "./_testing/stories.ts";
import { createTokenizer, loadTokenizer } from "./tokenizer.ts";

const corpus = stories(createKey(3), 60).join("\n");
const bytePairs = trainBytePairs(corpus, 80);
const tokenizer = await loadTokenizer(bytePairs.tokenizerJson, bytePairs.tokenizerConfigJson);

/** The definition: the merges one after the other, in the order of training. */
function mergedOneByOne(text: string): readonly number[] {
  return bytePieces(text).flatMap((piece) =>
    bytePairs.merges.reduce(mergePair, piece).map((symbol) => bytePairs.vocab[symbol] ?? Number.NaN),
  );
}

describe("byte-pair encoding", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc
      .array(fc.constantFrom(" ", "  ", "cat", "Once upon", "'s", " 12", "!", "é", "猫", "\n"), { maxLength: 12 })
      .map((all) => all.join("")),
  );

  test.prop([text])("applies the merges in the order of training, and decoding undoes it", (sample) => {
    const tokens = tokenizer.encode(sample);
    expect(tokens).toEqual(mergedOneByOne(sample));
    expect(tokenizer.decode(tokens)).toBe(sample);
  });

  test("shortens the text that it was trained on", () => {
    const tokens = tokenizer.encode(corpus);
    expect(tokens).toEqual(mergedOneByOne(corpus));
    expect(tokens.length).toBeLessThan(corpus.length / 2);
    expect(tokenizer.decode(Int32Array.from(tokens))).toBe(corpus);
  });

  test("the vocabulary counts special tokens, and the configuration names the end of text", () => {
    expect(tokenizer.vocabularySize).toBe(256 + 80 + 1);
    expect(tokenizer.endOfText).toBe(336);
    expect(tokenizer.encode("a<|endoftext|>a")).toEqual([bytePairs.vocab.a, 336, bytePairs.vocab.a]);
    expect(byteNames[32]).toBe("Ġ");
  });

  test("the files may come as text, the configuration may be missing, and the token be an object", async () => {
    const fromText = await loadTokenizer(JSON.stringify(bytePairs.tokenizerJson));
    expect(fromText.encode(corpus)).toEqual(tokenizer.encode(corpus));
    expect("endOfText" in fromText).toBe(false);
    const named = await loadTokenizer(bytePairs.tokenizerJson, '{ "eos_token": { "content": "<|endoftext|>" } }');
    expect(named.endOfText).toBe(336);
  });
});

describe("spaces before punctuation", () => {
  test("stay, unless the configuration says otherwise", async () => {
    expect(tokenizer.decode(tokenizer.encode("a . b"))).toBe("a . b");
    const cleaned = await loadTokenizer(bytePairs.tokenizerJson, { clean_up_tokenization_spaces: true });
    expect(cleaned.decode(cleaned.encode("a . b"))).toBe("a. b");
  });
});

describe("unigram", () => {
  // Scores are log-probabilities; the most probable segmentation of a word is the shortest path.
  const vocab: readonly (readonly [string, number])[] = [
    ["<unk>", 0],
    ["▁", -3],
    ["c", -5],
    ["a", -4.5],
    ["t", -5],
    ["s", -4],
    ["▁cat", -4],
    ["▁c", -4.5],
    ["at", -3.5],
    ["ats", -9],
    ["</s>", 0],
  ];
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always" };
  const json = {
    model: { type: "Unigram", unk_id: 0, vocab },
    pre_tokenizer: metaspace,
    decoder: metaspace,
    added_tokens: [{ id: 10, content: "</s>", special: true }],
  };

  /** Smallest cost of a segmentation, by trying all of them. */
  function bestScore(word: string): number {
    if (word === "") return 0;
    const scores = vocab
      .slice(1, 10)
      .map(([piece, score]) =>
        word.startsWith(piece) ? score + bestScore(word.slice(piece.length)) : Number.NEGATIVE_INFINITY,
      );
    return Math.max(...scores);
  }

  test.each(["cats", "cat", "tacs", "a stat", "catatcats sat"])(
    "%s is cut where the pieces are most probable",
    async (text) => {
      const unigram = await loadTokenizer(json, { eos_token: "</s>" });
      const tokens = unigram.encode(text);
      const score = tokens.reduce((sum, token) => sum + (vocab[token]?.[1] ?? Number.NaN), 0);
      const words = text.split(" ").map((word) => `▁${word}`);
      expect(score).toBeCloseTo(
        words.reduce((sum, word) => sum + bestScore(word), 0),
        12,
      );
      expect(tokens.map((token) => vocab[token]?.[0]).join("")).toBe(words.join(""));
      expect(unigram.decode(tokens)).toBe(text);
      expect([unigram.vocabularySize, unigram.endOfText]).toEqual([11, 10]);
    },
  );

  test("what no piece spells is unknown", async () => {
    const unigram = await loadTokenizer(json);
    expect(unigram.encode("cat x")).toEqual([6, 1, 0]);
  });
});

describe("refusals", () => {
  const json = { model: { type: "BPE", vocab: { a: 0, b: 1 }, merges: [] } };

  test("a character without a token, where there is none for the unknown", async () => {
    const unigram = {
      model: {
        type: "Unigram",
        unk_id: null,
        vocab: [
          ["a", -1],
          ["b", -2],
        ],
      },
    };
    const { encode } = await loadTokenizer(unigram);
    expect(encode("ab")).toEqual([0, 1]);
    expect(() => encode("abc")).toThrow(InvalidArgumentError);
    expect(() => encode("abc")).toThrow(/^encode: part 2 of the text/);
  });

  test("but a byte-pair encoding leaves it out, as everywhere", async () => {
    expect((await loadTokenizer(json)).encode("acb")).toEqual([0, 1]);
  });

  test.each([337, -1, 0.5, Number.NaN])("token %d is not in the vocabulary", (token) => {
    expect(() => tokenizer.decode([0, token])).toThrow(`token ${token} at index 1 is not in the vocabulary`);
  });

  test("no tokens are no text", () => {
    expect(tokenizer.decode([])).toBe("");
    expect(tokenizer.encode("")).toEqual([]);
  });

  test.each([
    ["no JSON", "{", CorruptFileError],
    ["a list", "[]", CorruptFileError],
    ["no model", {}, CorruptFileError],
    ["no vocabulary", { model: { type: "BPE", merges: [] } }, CorruptFileError],
    ["added tokens that are no list", { ...json, added_tokens: 3 }, CorruptFileError],
    ["an unknown model", { model: { type: "Oracle", vocab: {} } }, UnsupportedError],
    ["an unknown normalizer", { ...json, normalizer: { type: "Oracle" } }, UnsupportedError],
  ])("%s", async (_, file, kind) => {
    await expect(loadTokenizer(file)).rejects.toThrow(kind);
  });

  test("the package is missing", async () => {
    const cause = new Error("not found");
    const missing = createTokenizer(json, {}, () => Promise.reject(cause));
    await expect(missing).rejects.toThrow(UnsupportedError);
    await expect(missing).rejects.toThrow("loadTokenizer: @huggingface/tokenizers cannot be loaded. Install it");
    await expect(missing).rejects.toMatchObject({ cause });
  });
});
