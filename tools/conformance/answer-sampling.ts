import {
  createKey,
  foldIn,
  type Key,
  normal,
  randomBits,
  samplePaths,
  sampleSequences,
  splitKey,
  uniform,
} from "@semifactor/ghmm";
import { threefryBlock } from "../../packages/ghmm/src/random/threefry.ts";
import type { Input } from "./input.ts";
import { type JsonObject, rows } from "./vector.ts";

const keyOf = (input: Input): Key => input.numbers("key") as unknown as Key;

function keys(input: Input): JsonObject {
  if (input.has("seed")) return { key: createKey(input.number("seed")) };
  if (input.has("data")) return { key: foldIn(keyOf(input), input.number("data")) };
  return { keys: splitKey(keyOf(input), input.number("count")) };
}

function sequences(input: Input): JsonObject {
  const process = input.process();
  const options = {
    key: keyOf(input),
    count: input.number("count"),
    length: input.number("length"),
    firstIndex: input.optional("firstIndex", 0),
  };
  if (process.certificate.kind !== "hmm") {
    return { tokens: rows(sampleSequences(process, options).tokens, options.length) };
  }
  const { tokens, states } = sampleSequences(process, { ...options, withStates: true });
  return { tokens: rows(tokens, options.length), states: rows(states, options.length + 1) };
}

/** How this library answers a vector of each definition of random numbers. */
export const answerSampling: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D41: (input) => {
    const [k0, k1] = keyOf(input);
    const [c0 = 0, c1 = 0] = input.numbers("counter");
    const block = new Uint32Array(2);
    threefryBlock(k0, k1, c0, c1, block, 0);
    return { block: Array.from(block) };
  },
  D42: keys,
  D43: (input) => {
    const count = input.number("count");
    return {
      bits: Array.from(randomBits(keyOf(input), count)),
      uniform: Array.from(uniform(keyOf(input), count)),
      normal: Array.from(normal(keyOf(input), count)),
    };
  },
  D44: sequences,
  D45: sequences,
  D46: (input) => {
    const word = input.numbers("word");
    const { states } = samplePaths(input.process(), word, { key: keyOf(input), count: input.number("count") });
    return { states: rows(states, word.length + 1) };
  },
};
