import { describe, expect, test } from "vitest";
import { tensorProduct } from "../compose/tensor-product.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { withStorage } from "../process/with-storage.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey, foldIn } from "../random/key.ts";
import { filterBeliefs } from "./filter.ts";
import { sampleSequences } from "./sample.ts";
import { isSampledByTable } from "./sample-hidden-paths.ts";

const factor = mess3({ x: 0.15, a: 0.6 });
// 27^5 transitions
const large = tensorProduct(factor, factor, factor, factor, factor);

describe("products of hidden Markov models", () => {
  test("with few transitions are sampled by their table", () => {
    const small = tensorProduct(factor, factor, factor);
    expect(small.storage?.kind).toBe("kronecker");
    const options = { count: 3, length: 20, key: createKey(5) };
    const written = sampleSequences(withStorage(small, "dense"), options);
    expect(sampleSequences(small, options).tokens).toEqual(written.tokens);
    expect([factor, small, large].map(isSampledByTable)).toEqual([true, true, false]);
  });

  test("with many transitions join the sequences of their factors", () => {
    const key = createKey(9);
    const options = { count: 4, length: 7, firstIndex: 2, withStates: true } as const;
    const joint = sampleSequences(large, { ...options, key });
    const parts = [0, 1, 2, 3, 4].map((n) => sampleSequences(factor, { ...options, key: foldIn(key, n) }));
    joint.tokens.forEach((token, i) => {
      expect(token).toBe(parts.reduce((sum, { tokens }) => 3 * sum + (tokens[i] ?? -1), 0));
    });
    joint.states.forEach((state, i) => {
      expect(state).toBe(parts.reduce((sum, { states }) => 3 * sum + (states[i] ?? -1), 0));
    });
    expect(sampleSequences(large, { count: 4, length: 7, firstIndex: 2, key }).tokens).toEqual(joint.tokens);
    expect(filterBeliefs(large, joint).probabilities.every((probability) => probability > 0)).toBe(true);
  });

  test("start where the product starts", () => {
    const initial = large.initial.map((_, s) => (s === 100 ? 1 : 0));
    const { states } = sampleSequences(
      { ...large, initial },
      { count: 3, length: 1, key: createKey(1), withStates: true },
    );
    expect([states[0], states[2], states[4]]).toEqual([100, 100, 100]);
    const mixed = initial.map((value, s) => (value + (large.initial[s] ?? 0)) / 2);
    const sample = () => sampleSequences({ ...large, initial: mixed }, { count: 1, length: 1, key: createKey(1) });
    expect(sample).toThrow(UnsupportedError);
    expect(sample).toThrow("a product of 5 processes starts in a state that is no product");
  });
});
