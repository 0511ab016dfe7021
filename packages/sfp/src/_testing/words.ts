import type { Process } from "@semifactor/ghmm";

/** A possible word with its probability and the belief after it. */
export interface Word {
  readonly tokens: readonly number[];
  readonly probability: number;
  readonly belief: Float64Array;
}

/** Every possible word of a length. */
export function wordsOfLength(process: Process, length: number): readonly Word[] {
  let words: Word[] = [{ tokens: [], probability: 1, belief: process.initial }];
  for (let level = 0; level < length; level++) {
    words = words.flatMap(({ tokens, probability, belief }) =>
      process.alphabet.flatMap((_, token) => {
        const next = new Float64Array(process.stateDim);
        const conditional = process.step(belief, token, next);
        return conditional > 0
          ? [{ tokens: [...tokens, token], probability: probability * conditional, belief: next }]
          : [];
      }),
    );
  }
  return words;
}

/** Entropy of a law given as weights, in bits. */
export function entropyBits(weights: Iterable<number>): number {
  let entropy = 0;
  for (const p of weights) if (p > 0) entropy -= p * Math.log2(p);
  return entropy;
}

/** H2(p) in bits. */
export function binaryEntropy(p: number): number {
  return entropyBits([p, 1 - p]);
}

/** Block entropies H(0) .. H(maxLength) in bits. */
export function blockEntropyCurve(process: Process, maxLength: number): readonly number[] {
  return Array.from({ length: maxLength + 1 }, (_, length) =>
    entropyBits(wordsOfLength(process, length).map(({ probability }) => probability)),
  );
}

/** Mutual information of two variables of the words of a length, in bits. */
export function mutualInformationOf(
  words: readonly Word[],
  first: (word: Word) => string,
  second: (word: Word) => string,
): number {
  const entropyOf = (label: (word: Word) => string) => {
    const law = new Map<string, number>();
    for (const word of words) law.set(label(word), (law.get(label(word)) ?? 0) + word.probability);
    return entropyBits(law.values());
  };
  return entropyOf(first) + entropyOf(second) - entropyOf((word) => `${first(word)}|${second(word)}`);
}

/** I(A; C) of a belief over `[dA, dC]`, in bits. */
export function beliefInformation(belief: ArrayLike<number>, dC: number): number {
  const joint = Array.from(belief);
  const first = new Map<number, number>();
  const second = new Map<number, number>();
  joint.forEach((p, s) => {
    first.set(Math.floor(s / dC), (first.get(Math.floor(s / dC)) ?? 0) + p);
    second.set(s % dC, (second.get(s % dC) ?? 0) + p);
  });
  return entropyBits(first.values()) + entropyBits(second.values()) - entropyBits(joint);
}
