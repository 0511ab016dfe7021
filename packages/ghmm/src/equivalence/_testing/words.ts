/** All words of up to `length` tokens, shorter first, then in the order of tokens. */
export function wordsUpTo(tokens: number, length: number): readonly (readonly number[])[] {
  const levels: (readonly number[])[][] = [[[]]];
  for (let t = 0; t < length; t++) {
    levels.push((levels[t] ?? []).flatMap((word) => Array.from({ length: tokens }, (_, token) => [...word, token])));
  }
  return levels.flat();
}
