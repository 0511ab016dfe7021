import { beliefState, filterBeliefs, InvalidArgumentError, UnsupportedError, wordProbability } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignmentPartition, type ContextLaw, enumeratedContexts } from "./enumerated-contexts.ts";

const names = (contexts: number) => Array.from({ length: 2 * contexts }, (_, token) => `token ${token}`);

/** Laws of one to three contexts, with a chain and without. */
const laws: fc.Arbitrary<ContextLaw> = fc
  .record({
    contexts: fc.integer({ min: 1, max: 3 }),
    alpha: fc.double({ min: 0, max: 1, noNaN: true }),
    epsilon: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    weights: fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
    chained: fc.boolean(),
  })
  .map(({ contexts, alpha, epsilon, weights, chained }) => {
    const row = (from: number): readonly number[] => {
      const drawn = weights.slice(3 * from, 3 * from + contexts);
      return drawn.map((weight) => weight / drawn.reduce((sum, value) => sum + value, 0));
    };
    const initialContext = Float64Array.from(chained ? row(3) : new Array<number>(contexts).fill(1 / contexts));
    const chain = Array.from({ length: contexts }, (_, from) => row(from));
    return { contexts, alpha, epsilon, initialContext, ...(chained ? { chain } : {}) };
  });

/** `P(word)` by its definition: the contexts by their chain, and then the bits given each assignment. */
function direct({ contexts, alpha, epsilon, chain, initialContext }: ContextLaw, word: readonly number[]): number {
  const read = word.map((token) => ({ context: Math.floor(token / 2), u: token % 2 }));
  const visits = read.map(({ context }, t) =>
    t === 0 ? initialContext[context] : (chain?.[read[t - 1]?.context ?? -1] ?? initialContext)[context],
  );
  let bits = 0;
  for (let i = 0; i < 2 ** contexts; i++) {
    const isShared = i === 0 || i === 2 ** contexts - 1;
    const prior = (isShared ? (1 - alpha) / 2 : 0) + alpha / 2 ** contexts;
    const given = read.map(({ context, u }) => (Math.floor(i / 2 ** context) % 2 === u ? 1 - epsilon : epsilon));
    bits += given.reduce((product, value) => product * value, prior);
  }
  return visits.reduce<number>((product, value) => product * (value ?? Number.NaN), bits);
}

const words = fc.array(fc.nat(5), { minLength: 1, maxLength: 6 });

describe("enumeratedContexts", () => {
  test("gives words their probability by definition", () => {
    fc.assert(
      fc.property(laws, words, (law, drawn) => {
        const word = drawn.map((token) => token % (2 * law.contexts));
        const process = enumeratedContexts(law, names(law.contexts));
        const expected = direct(law, word);
        expect(Math.abs(wordProbability(process, word) / expected - 1)).toBeLessThan(1e-11);
      }),
    );
  });

  test("a step is the operator, normalized, into another array or in place", () => {
    fc.assert(
      fc.property(laws, words, fc.nat(5), (law, drawn, next) => {
        const process = enumeratedContexts(law, names(law.contexts));
        const { stateDim } = process;
        const token = next % (2 * law.contexts);
        const belief = beliefState(
          process,
          drawn.map((one) => one % (2 * law.contexts)),
        );
        const operator = process.operator(token);
        const image = Array.from({ length: stateDim }, (_, to) =>
          belief.reduce((sum, weight, from) => sum + weight * (operator[from * stateDim + to] ?? 0), 0),
        );
        const total = image.reduce((sum, value) => sum + value, 0);
        const out = new Float64Array(stateDim);
        expect(process.step(belief, token, out)).toBeCloseTo(total, 12);
        image.forEach((value, s) => void expect(out[s]).toBeCloseTo(value / total, 12));
        process.step(belief, token, belief);
        expect(belief).toEqual(out);
      }),
    );
  });

  test("the rows of all operators sum to one, and the start to one", () => {
    fc.assert(
      fc.property(laws, (law) => {
        const process = enumeratedContexts(law, names(law.contexts));
        const { stateDim } = process;
        expect(stateDim).toBe(2 ** law.contexts * (law.chain === undefined ? 1 : law.contexts));
        const rows = new Float64Array(stateDim);
        process.alphabet.forEach((_, token) => {
          process.operator(token).forEach((value, i) => {
            rows[Math.floor(i / stateDim)] = (rows[Math.floor(i / stateDim)] ?? 0) + value;
          });
        });
        for (const total of rows) expect(total).toBeCloseTo(1, 12);
        expect(process.initial.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  const exact: ContextLaw = { contexts: 2, alpha: 0, epsilon: 0, initialContext: Float64Array.of(0.5, 0.5) };

  test("an impossible token has probability 0 and writes nothing", () => {
    const process = enumeratedContexts(exact, names(2));
    const { beliefs } = filterBeliefs(process, { tokens: [0], count: 1, length: 1 });
    const belief = Float64Array.from(beliefs.slice(-4));
    // the shared bit is 0: a 1 in the other context cannot be
    const out = new Float64Array(4).fill(7);
    expect(process.step(belief, 3, out)).toBe(0);
    expect(Array.from(out)).toEqual([7, 7, 7, 7]);
  });

  test.each([-1, 4, 0.5, Number.NaN])("refuses token %s, with the tokens there are", (token) => {
    const process = enumeratedContexts(exact, names(2));
    expect(() => process.operator(token)).toThrow(InvalidArgumentError);
    expect(() => process.operator(token)).toThrow(
      `Process.operator: token is ${token}. Give a token index from 0 to 3`,
    );
    expect(() => process.step(process.initial, token, new Float64Array(4))).toThrow(`Process.step: token is ${token}`);
  });

  test("an operator that would not fit into memory is refused, a step is not", () => {
    const law = { ...exact, contexts: 14, epsilon: 0.1, initialContext: new Float64Array(14).fill(1 / 14) };
    const process = enumeratedContexts(law, names(14));
    expect(() => process.operator(0)).toThrow(UnsupportedError);
    expect(() => process.operator(0)).toThrow("the operator is 16384 x 16384");
    expect(process.step(process.initial, 0, new Float64Array(process.stateDim))).toBeCloseTo(1 / 28, 12);
  });
});

describe("assignmentPartition", () => {
  test("has a block for every assignment, and no operator leads from one to another", () => {
    fc.assert(
      fc.property(laws, (law) => {
        const process = enumeratedContexts(law, names(law.contexts));
        const { blocks, blockOf, structure } = assignmentPartition(law);
        const register = law.chain === undefined ? 1 : law.contexts;
        expect(blocks.length).toBe(2 ** law.contexts);
        expect(structure.factors.map(({ name }) => name)).toEqual([
          "assignment",
          law.chain === undefined ? "capability" : "context",
        ]);
        expect(Array.from(blockOf)).toEqual(
          Array.from({ length: process.stateDim }, (_, s) => Math.floor(s / register)),
        );
        process.alphabet.forEach((_, token) => {
          process.operator(token).forEach((value, i) => {
            if (value !== 0) expect(blockOf[Math.floor(i / process.stateDim)]).toBe(blockOf[i % process.stateDim]);
          });
        });
      }),
      { numRuns: 30 },
    );
  });
});
