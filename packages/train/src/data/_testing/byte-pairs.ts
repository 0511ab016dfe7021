/** GPT-2's names of the 256 bytes: printable Latin-1 characters are themselves, the others follow from U+0100 on. */
export const byteNames: readonly string[] = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();

/** GPT-2's pre-tokenization: contractions, words and numbers with the space before them, punctuation, spaces. */
const pieces = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The pieces of a text, each as the names of its bytes. */
export function bytePieces(text: string): readonly (readonly string[])[] {
  return (text.match(pieces) ?? []).map((piece) =>
    [...new TextEncoder().encode(piece)].map((byte) => byteNames[byte] ?? ""),
  );
}

/** Replaces every `left right` by their concatenation, from left to right. */
export function mergePair(symbols: readonly string[], [left, right]: readonly [string, string]): readonly string[] {
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] ?? "";
    if (symbol === left && symbols[i + 1] === right) {
      merged.push(left + right);
      i++;
    } else merged.push(symbol);
  }
  return merged;
}

/** A trained byte-level byte-pair encoding. */
export interface BytePairs {
  readonly merges: readonly (readonly [string, string])[];
  readonly vocab: Readonly<Record<string, number>>;
  /** As published: a `tokenizer.json`, with the special token `<|endoftext|>` last, and its configuration. */
  readonly tokenizerJson: object;
  readonly tokenizerConfigJson: object;
}

/** Byte-pair encoding (Sennrich et al. 2016): the most frequent pair of neighbours is merged, the alphabetically first of several, `count` times. */
export function trainBytePairs(text: string, count: number): BytePairs {
  let words = bytePieces(text);
  const merges: (readonly [string, string])[] = [];
  const vocab: Record<string, number> = Object.fromEntries(byteNames.map((name, byte) => [name, byte]));
  while (merges.length < count) {
    const frequencies = new Map<string, number>();
    for (const word of words) {
      for (let i = 0; i + 1 < word.length; i++) {
        const pair = `${word[i]} ${word[i + 1]}`;
        frequencies.set(pair, (frequencies.get(pair) ?? 0) + 1);
      }
    }
    const best = [...frequencies].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0].split(" ");
    const [left, right] = best ?? [];
    if (left === undefined || right === undefined) break;
    merges.push([left, right]);
    vocab[left + right] = 255 + merges.length;
    words = words.map((word) => mergePair(word, [left, right]));
  }
  const end = "<|endoftext|>";
  vocab[end] = 256 + merges.length;
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };
  return {
    merges,
    vocab,
    tokenizerJson: {
      version: "1.0",
      added_tokens: [{ id: vocab[end], content: end, special: true, normalized: false }],
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: byteLevel,
      decoder: byteLevel,
      model: { type: "BPE", vocab, merges: merges.map((pair) => pair.join(" ")) },
    },
    tokenizerConfigJson: { tokenizer_class: "GPT2Tokenizer", eos_token: end },
  };
}
