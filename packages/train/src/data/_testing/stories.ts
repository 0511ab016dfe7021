import { type Key, randomBits } from "@semifactor/ghmm";

const parts = [
  ["Once upon a time", "One day", "In a small town"],
  [", there was a little ", ", a kind old "],
  ["cat", "robot", "girl", "bear"],
  [" who found a ", " who wanted a ", " who lost the "],
  ["red ball", "shiny key", "warm blanket"],
  [". It was very ", ". Everyone was "],
  ["happy", "sad", "surprised"],
  [". The end.", ", and they laughed.", "!"],
] as const;

/** Short stories of one sentence pattern, each a function of the key and its index. */
export function stories(key: Key, count: number): readonly string[] {
  const bits = randomBits(key, count * parts.length);
  return Array.from({ length: count }, (_, story) =>
    parts.map((words, i) => words[(bits[story * parts.length + i] ?? 0) % words.length]).join(""),
  );
}
