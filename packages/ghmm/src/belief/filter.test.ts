import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm, word } from "../arbitraries/index.ts";
import { InvalidArgumentError, ShapeError, UnsupportedError, ZeroProbabilityError } from "../numeric/errors.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { anyProcess, expectSteps, workFor } from "./_testing/filters.ts";
import { filterBeliefs } from "./filter.ts";
import { wordProbability } from "./probability.ts";
import { beliefState } from "./update.ts";

const batches = fc
  .tuple(hmm({ stationary: false }), fc.nat(3), fc.nat(5))
  .chain(([process, count, length]) =>
    fc
      .array(fc.nat(process.alphabet.length - 1), { minLength: count * length, maxLength: count * length })
      .map((tokens) => ({ process, count, length, tokens })),
  );

describe("filterBeliefs", () => {
  test.prop([batches])("holds the belief of every prefix and its next token's probability", (instance) => {
    const { process, count, length, tokens } = instance;
    const { stateDim } = process;
    const filtered = filterBeliefs(process, { tokens, count, length });
    expect(filtered).toMatchObject({ count, length, stateDim });
    expect(filtered.beliefs.length).toBe(count * (length + 1) * stateDim);
    expect(filtered.probabilities.length).toBe(count * length);
    for (let i = 0; i < count; i++) {
      const sequence = tokens.slice(i * length, (i + 1) * length);
      for (let t = 0; t <= length; t++) {
        const at = (i * (length + 1) + t) * stateDim;
        expect(filtered.beliefs.slice(at, at + stateDim)).toEqual(beliefState(process, sequence.slice(0, t)));
      }
      const product = filtered.probabilities.slice(i * length, (i + 1) * length).reduce((p, value) => p * value, 1);
      expect(product).toBeCloseTo(wordProbability(process, sequence), 14);
    }
  });

  test.prop([hmm().chain((process) => word(process).map((tokens) => ({ process, tokens })))])(
    "does not depend on the rest of the batch",
    ({ process, tokens }) => {
      const alone = filterBeliefs(process, { tokens, count: 1, length: tokens.length });
      const twice = filterBeliefs(process, { tokens: [...tokens, ...tokens], count: 2, length: tokens.length });
      expect(twice.beliefs.slice(alone.beliefs.length)).toEqual(alone.beliefs);
    },
  );

  test.prop([anyProcess, fc.constantFrom(1, 60)], { numRuns: 40 })(
    "agrees with updates one by one",
    (process, count) => {
      const work = workFor(process, count, 30);
      const { beliefs, probabilities } = filterBeliefs(process, work);
      expectSteps(process, { ...work, beliefs, probabilities });
      const plain = filterBeliefs(process, { ...work, tokens: Array.from(work.tokens) });
      expect(plain.beliefs).toEqual(beliefs);
    },
  );

  test("writes to the arrays it is given", () => {
    const process = goldenMean();
    const batch = { tokens: [0, 1, 0, 0], count: 2, length: 2 };
    const expected = filterBeliefs(process, batch);
    const out = { beliefs: new Float64Array(12).fill(9), probabilities: new Float64Array(4).fill(9) };
    const filtered = filterBeliefs(process, batch, { out });
    expect(filtered).toEqual(expected);
    expect(filtered.beliefs).toBe(out.beliefs);
    expect(filtered.probabilities).toBe(out.probabilities);
    expect(filterBeliefs(process, batch, { out: { beliefs: out.beliefs } })).toEqual(expected);
    const short = { beliefs: new Float64Array(11) };
    expect(() => filterBeliefs(process, batch, { out: short })).toThrow("out.beliefs has 11 entries");
    expect(() => filterBeliefs(process, batch, { out: short })).toThrow(ShapeError);
    const single = { probabilities: new Float32Array(4) as unknown as Float64Array };
    expect(() => filterBeliefs(process, batch, { out: single })).toThrow("out.probabilities is no Float64Array");
  });

  test("errors of large batches are those of small ones", () => {
    const process = goldenMean();
    const tokens = new Int32Array(4000);
    const batch = { tokens, count: 400, length: 10 };
    tokens[3996] = 1;
    expect(filterBeliefs(process, batch).probabilities[3996]).toBeCloseTo(0.5, 14);
    tokens[3997] = 1;
    expect(() => filterBeliefs(process, batch)).toThrow("at position 7 of sequence 399 has");
    tokens[2005] = 7;
    expect(() => filterBeliefs(process, batch)).toThrow("the token at position 2005 is 7");
    const fractions = { ...batch, tokens: Array.from(tokens, (token, i) => (i === 5 ? 0.5 : token)) };
    expect(() => filterBeliefs(process, fractions)).toThrow("the token at position 5 is 0.5");
    const large = { ...batch, tokens: Array.from(tokens, (token, i) => (i === 5 ? 2 ** 32 : token)) };
    expect(() => filterBeliefs(process, large)).toThrow("the token at position 5 is 4294967296");
  });

  test("bad input", () => {
    const process = goldenMean();
    expect(() => filterBeliefs(process, { tokens: [0, 1], count: 1, length: 3 })).toThrow(ShapeError);
    expect(() => filterBeliefs(process, { tokens: [0, 1], count: 1, length: 3 })).toThrow("2 tokens for count 1");
    expect(() => filterBeliefs(process, { tokens: [], count: -1, length: 3 })).toThrow("count is -1");
    expect(() => filterBeliefs(process, { tokens: [], count: 0, length: 0.5 })).toThrow(InvalidArgumentError);
    expect(() => filterBeliefs(process, { tokens: [0, 5], count: 1, length: 2 })).toThrow("position 1 is 5");
    expect(() => filterBeliefs(process, { tokens: [], count: 2 ** 52, length: 0 })).toThrow(UnsupportedError);
  });

  test("an impossible sequence is named with its position", () => {
    let caught: unknown;
    try {
      filterBeliefs(goldenMean(), { tokens: [0, 0, 1, 1], count: 2, length: 2 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ZeroProbabilityError);
    expect(caught).toMatchObject({ position: 1, token: 1, source: "filterBeliefs" });
    expect(String(caught)).toContain("at position 1 of sequence 1 has");
  });
});
