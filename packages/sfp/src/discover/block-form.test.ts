import { fc, test } from "@fast-check/vitest";
import {
  beliefState,
  InvalidArgumentError,
  mess3,
  NotBlockInvariantError,
  ShapeError,
  wordProbability,
} from "@semifactor/ghmm";
import { multiply } from "@semifactor/ghmm/internal";
import { describe, expect } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { families } from "../families/namespace.ts";
import { blockWeights } from "../structure/blocks.ts";
import { scrambled } from "./_testing/random-similarity.ts";
import { blockForm } from "./block-form.ts";
import { findBlocks } from "./find-blocks.ts";

const { leakySector, personaZ1r, phaseLockedZ1r } = families;

describe("blockForm", () => {
  test.prop([semiFactoredProcess(), fc.nat(1000)], { numRuns: 20 })(
    "is semi-factored with the words and the block weights of the process",
    (process, seed) => {
      const hidden = scrambled(process, 20, seed);
      const found = findBlocks(hidden);
      const { process: form } = blockForm(hidden, found);
      expect(form.partition.blocks.map(({ states }) => states.length)).toEqual(
        found.blocks.map(({ dimension }) => dimension),
      );
      for (const { tokens, probability } of wordsOfLength(process, 3)) {
        expect(wordProbability(form, tokens)).toBeCloseTo(probability, 10);
      }
      const weights = (belief: Float64Array, of: typeof process) => [...blockWeights(of, belief)].sort((a, b) => b - a);
      const [learned, exact] = [form, process].map((of) => weights(beliefState(of, [0, 1]), of));
      learned?.forEach((weight, i) => {
        expect(weight).toBeCloseTo(exact?.[i] ?? Number.NaN, 9);
      });
    },
  );

  test("has operators S T S^-1 in the basis that it returns", () => {
    const hidden = scrambled(personaZ1r({ weights: [0.3, 0.7] }), 30, 2);
    const { process, basis, inverse, condition } = blockForm(hidden, findBlocks(hidden));
    const unit = multiply(basis, inverse, 6);
    unit.forEach((value, i) => {
      expect(value).toBeCloseTo(i % 7 === 0 ? 1 : 0, 10);
    });
    hidden.alphabet.forEach((_, token) => {
      const turned = multiply(multiply(basis, hidden.operator(token), 6), inverse, 6);
      process.operator(token).forEach((value, i) => {
        expect(value).toBeCloseTo(turned[i] ?? Number.NaN, 10);
      });
    });
    expect(condition).toBeGreaterThan(1);
    expect(condition).toBeLessThan(1000);
    expect(process.defect).toBeLessThan(1e-12);
    expect([...blockWeights(process, process.initial)]).toEqual([expect.closeTo(0.7, 10), expect.closeTo(0.3, 10)]);
  });

  test("names a state factor whose sectors are the blocks, and a trivial factor", () => {
    const process = phaseLockedZ1r({ alpha: 0.5 });
    const { structure, partition, kind } = blockForm(process, findBlocks(process)).process;
    expect(structure.factors.map(({ name, dimension }) => [name, dimension])).toEqual([
      ["state", 9],
      ["trivial", 1],
    ]);
    expect(partition.sectors[0].map(({ length }) => length)).toEqual([3, 3, 3]);
    expect(kind).toBe("sector");
  });

  test("blocks of a near-invariant process pass at the tolerance of the search, not at a smaller one", () => {
    const { process } = leakySector({ leak: 1e-6 });
    const found = findBlocks(process, { tolerance: 1e-4 });
    expect(blockForm(process, found).process.defect).toBeGreaterThan(1e-9);
    expect(() => blockForm(process, found, { tolerance: 1e-9 })).toThrow(NotBlockInvariantError);
  });

  test("refuses one block, blocks of another process and a bad tolerance", () => {
    const whole = mess3({ x: 0.15, a: 0.6 });
    expect(() => blockForm(whole, findBlocks(whole))).toThrow(InvalidArgumentError);
    expect(() => blockForm(whole, findBlocks(whole))).toThrow("blockForm: there is only one block");
    const process = personaZ1r();
    expect(() => blockForm(whole, findBlocks(process))).toThrow(ShapeError);
    expect(() => blockForm(whole, findBlocks(process))).toThrow("the blocks have 6 states together and the process 3");
    expect(() => blockForm(process, findBlocks(process), { tolerance: Number.NaN })).toThrow("tolerance is NaN");
  });

  test("refuses projectors that are not idempotent or do not sum to one", () => {
    const process = personaZ1r();
    const found = findBlocks(process);
    const twice = found.blocks.map((block) => ({ ...block, dual: block.dual.map((value) => 2 * value) }));
    expect(() => blockForm(process, { ...found, blocks: twice })).toThrow(InvalidArgumentError);
    expect(() => blockForm(process, { ...found, blocks: twice })).toThrow("entry [0, 0] of basis times dual is 2");
    const repeated = found.blocks.map(() => found.blocks[0] ?? twice[0]).filter((block) => block !== undefined);
    expect(() => blockForm(process, { ...found, blocks: repeated })).toThrow("do not sum to one");
  });
});
