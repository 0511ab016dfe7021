import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { hmm, nonErgodicHmm, redundantHmm, sparseHmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { changeBasis } from "../compose/change-basis.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { cloneStates } from "./_testing/processes.ts";
import { type MixedStatePresentation, mixedStatePresentation } from "./mixed-state-presentation.ts";

const z1r = zeroOneRandom({ p: 0.5 });

/** Numbers of states, of recurrent states and of recurrent classes. */
const sizes = ({ states, recurrent, classes }: MixedStatePresentation) => [
  states.length,
  recurrent.filter(Boolean).length,
  classes.length,
];

// THEORY table 1.4, last column; the pair of Z1R by hand: both factors synchronized, three phase differences of three states.
describe("numbers of mixed states, recurrent states and classes of known processes", () => {
  const table: readonly (readonly [string, Process, readonly number[]])[] = [
    ["coin", coin({ p: 0.3 }), [1, 1, 1]],
    ["golden mean", goldenMean({ p: 0.5 }), [3, 2, 1]],
    ["even ones", evenOnes({ p: 0.5 }), [4, 2, 1]],
    ["Z1R", z1r, [7, 3, 1]],
    ["Z1R at p = 0.3", zeroOneRandom({ p: 0.3 }), [7, 3, 1]],
    ["RRXOR", rrxor(), [36, 5, 1]],
    ["Bloch walk (1, 1)", tomQuantum({ alpha: 1, beta: 1 }), [5, 4, 1]],
    ["Z1R x Z1R", tensorProduct(z1r, z1r), [21, 9, 3]],
  ];
  it.each(table)("%s", (_, process, expected) => {
    const presentation = mixedStatePresentation(process);
    expect(sizes(presentation)).toEqual(expected);
    expect(presentation.complete).toBe(true);
    expect(presentation.mergeDistance).toBeLessThan(1e-14);
  });

  it.each(table)("%s with every state cloned, in other coordinates", (_, process, expected) => {
    expect(sizes(mixedStatePresentation(cloneStates(process)))).toEqual(expected);
  });
});

/** Laws that every presentation has to obey. */
function checkLaws(presentation: MixedStatePresentation, slack: number): void {
  const { process, states, depth, expanded, recurrent, classes, transitions } = presentation;
  const total = new Float64Array(states.length);
  let last = -1;
  for (const { from, token, to, probability } of transitions) {
    const key = from * process.alphabet.length + token;
    expect(key).toBeGreaterThan(last);
    last = key;
    total[from] = (total[from] ?? 0) + probability;
    expect(depth[to]).toBeLessThanOrEqual((depth[from] ?? 0) + 1);
    if (recurrent[from]) expect(recurrent[to]).toBe(true);
  }
  total.forEach((sum, state) => {
    expect(Math.abs(sum - (expanded[state] ? 1 : 0))).toBeLessThan(slack);
  });
  expect(
    classes
      .flat()
      .slice()
      .sort((a, b) => a - b),
  ).toEqual(recurrent.flatMap((is, i) => (is ? [i] : [])));
  expect([...depth].every((value, i) => value >= (depth[i - 1] ?? 0))).toBe(true);
}

/** Follows a word through a presentation: the product of the probabilities and the last state, while the states are expanded. */
function follow({ transitions, expanded }: MixedStatePresentation, word: readonly number[]) {
  let [state, probability] = [0, 1];
  for (const token of word) {
    if (!expanded[state]) return undefined;
    const step = transitions.find((candidate) => candidate.from === state && candidate.token === token);
    if (step === undefined) return { state, probability: 0 };
    [state, probability] = [step.to, probability * step.probability];
  }
  return { state, probability };
}

describe("laws", () => {
  const words = fc.array(fc.nat(1), { maxLength: 6 });
  test.prop([sparseHmm({ maxStates: 3 }), words], { numRuns: 60 })(
    "words have their probabilities and beliefs",
    (process, bits) => {
      const word = bits.map((bit) => bit % process.alphabet.length);
      const presentation = mixedStatePresentation(process, { maxStates: 200 });
      checkLaws(presentation, 1e-10);
      const found = follow(presentation, word);
      if (found === undefined) return;
      const probability = wordProbability(process, word);
      expect(Math.abs(found.probability - probability)).toBeLessThan(1e-7);
      // In observable coordinates the beliefs may differ, so that their futures are compared.
      if (probability < 1e-6) return;
      const belief = beliefState(process, word);
      const state = presentation.states[found.state] ?? [];
      for (let token = 0; token < process.alphabet.length; token++) {
        const future = (b: ArrayLike<number>) => process.step(b, token, new Float64Array(process.stateDim));
        expect(Math.abs(future(belief) - future(state))).toBeLessThan(1e-6);
      }
    },
  );

  test.prop([redundantHmm({ maxStates: 3 })], { numRuns: 30 })(
    "a cloned state adds nothing (T5)",
    ({ hmm: plain, redundant }) => {
      const [a, b] = [plain, redundant].map((process) => mixedStatePresentation(process, { maxDepth: 3 }));
      if (a === undefined || b === undefined) throw new Error("two presentations");
      expect(b.states.length).toBe(a.states.length);
      expect(b.transitions.map(({ from, token, to }) => [from, token, to])).toEqual(
        a.transitions.map(({ from, token, to }) => [from, token, to]),
      );
    },
  );

  test.prop([nonErgodicHmm({ maxStates: 2 })], { numRuns: 20 })(
    "truncated presentations obey the laws",
    ({ process }) => {
      const presentation = mixedStatePresentation(process, { maxStates: 50 });
      checkLaws(presentation, 1e-10);
      expect(presentation.states.length).toBeLessThanOrEqual(50);
      expect(presentation.complete).toBe(presentation.expanded.every(Boolean));
    },
  );
});

describe("merging", () => {
  it("tells beliefs apart that differ by more than the tolerance, and no others", () => {
    // A three-state cycle whose tokens say almost nothing: beliefs differ by about 1e-6.
    const rows = [0.5, 0.5 + 1e-6, 0.5 - 1e-6];
    const process = createHmm({
      operators: [rows, rows.map((p) => 1 - p)].map((ps) =>
        ps.map((p, s) => ps.map((_, t) => (t === (s + 1) % 3 ? p : 0))),
      ),
    });
    expect(mixedStatePresentation(process, { tolerance: 1e-4 }).states.length).toBe(1);
    expect(mixedStatePresentation(process, { tolerance: 1e-4 }).mergeDistance).toBeGreaterThan(1e-8);
    expect(mixedStatePresentation(process, { tolerance: 1e-9, maxStates: 100 }).states.length).toBeGreaterThan(20);
  });

  it("does not depend on where beliefs fall on the grid", () => {
    for (let i = 0; i < 40; i++) {
      const p = 0.2 + 0.6 * ((i * 0.6180339887) % 1);
      expect(sizes(mixedStatePresentation(rrxor({ p1: p, p2: p })))[1]).toBe(5);
      expect(sizes(mixedStatePresentation(zeroOneRandom({ p })))).toEqual([7, 3, 1]);
    }
  });

  it("is the same in another basis", () => {
    const basis = [
      [2, 0.5, -0.25],
      [0.5, 1.5, 0.25],
      [-0.5, 0.25, 1],
    ];
    expect(sizes(mixedStatePresentation(changeBasis(z1r, basis)))).toEqual([7, 3, 1]);
  });
});

describe("truncation", () => {
  it("stops at maxStates and says so", () => {
    const presentation = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 100 });
    // Expanding the 1 + 3 + 9 shallowest makes 40, and 20 of the next 27 add three each.
    expect(presentation.states.length).toBe(100);
    expect(presentation.complete).toBe(false);
    expect(presentation.expanded.filter(Boolean).length).toBe(33);
    expect(presentation.classes).toEqual([]);
    checkLaws(presentation, 1e-12);
  });

  it("stops at maxDepth", () => {
    const presentation = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxDepth: 2 });
    expect(presentation.states.length).toBe(13);
    expect(presentation.complete).toBe(false);
    expect(mixedStatePresentation(coin({ p: 0.5 }), { maxDepth: 1 }).complete).toBe(true);
  });

  it("keeps one state where there is room for no other", () => {
    const presentation = mixedStatePresentation(z1r, { maxStates: 1 });
    expect(presentation.states.length).toBe(1);
    expect(presentation.transitions).toEqual([]);
    expect(presentation.recurrent).toEqual([false]);
  });

  test.prop([hmm({ maxStates: 3 })], { numRuns: 20 })("never lists more than maxStates", (process) => {
    expect(mixedStatePresentation(process, { maxStates: 17 }).states.length).toBeLessThanOrEqual(17);
  });
});

describe("bad options", () => {
  it.each([
    [{ maxStates: 0 }, "maxStates is 0"],
    [{ maxStates: 1.5 }, "maxStates is 1.5"],
    [{ maxStates: Number.NaN }, "maxStates is NaN"],
    [{ maxDepth: -1 }, "maxDepth is -1"],
    [{ tolerance: 0 }, "tolerance is 0"],
    [{ tolerance: Number.NaN }, "tolerance is NaN"],
  ])("%o", (options, message) => {
    expect(() => mixedStatePresentation(z1r, options)).toThrow(InvalidArgumentError);
    expect(() => mixedStatePresentation(z1r, options)).toThrow(`mixedStatePresentation: ${message}`);
  });
});
