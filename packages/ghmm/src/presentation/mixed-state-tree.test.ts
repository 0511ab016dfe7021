import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gaugeTransformed, hmm, sparseHmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { beliefState } from "../belief/update.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { createGhmm } from "../process/create.ts";
import { fanizza } from "../processes/fanizza.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { postQuantum } from "../processes/post-quantum.ts";
import { rrxor } from "../processes/rrxor.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { type MixedStateTree, mixedStateTree, nodeOfWord, wordOfNode } from "./mixed-state-tree.ts";

const fractal = mess3({ x: 0.15, a: 0.6 });

/** Number of words of each length. */
const perLevel = ({ levelOffsets }: MixedStateTree) =>
  Array.from(levelOffsets.subarray(1), (end, level) => end - (levelOffsets[level] ?? 0));

/** Probability and belief of a word, looked up in a tree. */
function entry(tree: MixedStateTree & { readonly beliefs: Float64Array }, word: string) {
  const node = nodeOfWord(tree, [...word].map(Number)) ?? -1;
  const d = tree.process.stateDim;
  return { probability: tree.probability[node], belief: tree.beliefs.subarray(node * d, (node + 1) * d) };
}

function expectEntry(
  tree: MixedStateTree & { readonly beliefs: Float64Array },
  word: string,
  probability: number,
  belief: readonly number[] = [],
  digits = 11,
): void {
  const found = entry(tree, word);
  expect(found.probability).toBeCloseTo(probability, digits);
  belief.forEach((value, s) => {
    expect(found.belief[s]).toBeCloseTo(value, 6);
  });
}

describe("goldens", () => {
  it("golden mean, breadth-first (GOLDENS 20)", () => {
    const tree = mixedStateTree(goldenMean({ p: 0.5 }), { depth: 2 });
    const words = Array.from({ length: tree.nodeCount }, (_, node) => wordOfNode(tree, node).join(""));
    expect(words).toEqual(["", "0", "1", "00", "01", "10"]);
    expectEntry(tree, "", 1, [2 / 3, 1 / 3]);
    expectEntry(tree, "0", 2 / 3, [1, 0]);
    expectEntry(tree, "1", 1 / 3, [0, 1]);
    for (const word of ["00", "01", "10"]) expectEntry(tree, word, 1 / 3);
    expect(nodeOfWord(tree, [1, 1])).toBe(undefined);
  });

  it("Mess3 (GOLDENS 21-23)", () => {
    const tree = mixedStateTree(fractal, { depth: 4 });
    expect(perLevel(tree)).toEqual([1, 3, 9, 27, 81]);
    expect(tree.nodeCount).toBe(121);
    expectEntry(tree, "", 1, [1 / 3, 1 / 3, 1 / 3]);
    expectEntry(tree, "0", 1 / 3, [0.6, 0.2, 0.2]);
    expectEntry(tree, "00", 0.130666666667, [36 / 49, 13 / 98, 13 / 98]);
    expectEntry(tree, "01", 0.101333333333, [6 / 19, 39 / 76, 13 / 76]);
    expectEntry(tree, "2220", 0.015606133333, [0.440929, 0.146976, 0.412094]);
    expectEntry(tree, "2222", 0.023881066667, [0.096048, 0.096048, 0.807904]);
  });

  it("RRXOR (GOLDENS 24)", () => {
    const tree = mixedStateTree(rrxor(), { depth: 4 });
    expect(perLevel(tree)).toEqual([1, 2, 4, 8, 16]);
    expectEntry(tree, "000", 1 / 6, [0.5, 0.25, 0, 0, 0.25]);
    expectEntry(tree, "1111", 0.5 / 24, [0, 0, 0, 0, 1]);
    expectEntry(tree, "1110", 0.0625);
  });

  it("Z1R (GOLDENS 25)", () => {
    const tree = mixedStateTree(zeroOneRandom({ p: 0.5 }), { depth: 4 });
    expect(perLevel(tree)).toEqual([1, 2, 4, 6, 8]);
    for (const word of ["0", "1"]) expectEntry(tree, word, 1 / 2);
    expectEntry(tree, "00", 1 / 6, [0, 1, 0]);
    expectEntry(tree, "01", 1 / 3, [0, 0, 1]);
    expectEntry(tree, "10", 1 / 3, [1 / 2, 1 / 2, 0]);
    expectEntry(tree, "11", 1 / 6, [1, 0, 0]);
    for (let node = tree.levelOffsets[3] ?? 0; node < tree.nodeCount; node++) {
      expect(Math.max(...tree.beliefs.subarray(3 * node, 3 * node + 3))).toBeCloseTo(1, 14);
    }
  });

  it("Fanizza's process (GOLDENS 26)", () => {
    const tree = mixedStateTree(fanizza({ alpha: 2000, lambda: 0.49 }), { depth: 4 });
    expectEntry(tree, "", 1, [0.186757530545, 0.92450789374, -0.106133320826, -0.005132103459]);
    expectEntry(tree, "0", 0.480929006323);
    expectEntry(tree, "1", 0.519070993677);
    expectEntry(tree, "00", 0.186757530545);
    expectEntry(tree, "11", 0.22489952, [], 8);
    expectEntry(tree, "1111", 0.058684937541);
    for (const word of ["0", "10", "1110"]) {
      expectEntry(tree, word, entry(tree, word).probability ?? 0, [0.388327, 0.980392, -0.255556, -0.113163]);
    }
  });

  it("a post-quantum process (GOLDENS 27)", () => {
    const tree = mixedStateTree(postQuantum({ logAlpha: Math.log(2.7), beta: 0.5 }), {
      depth: 4,
      probabilityThreshold: 1e-6,
    });
    expect(perLevel(tree)).toEqual([1, 3, 8, 22, 60]);
    expectEntry(tree, "0", 0.11426284645);
    expectEntry(tree, "1", 0.75348289677);
    expectEntry(tree, "2", 0.13225425678);
    expectEntry(tree, "2222", 0.001262013348);
    const root = Array.from(tree.process.initial, (value) => value);
    expect(Math.abs((root[1] ?? 0) / (root[0] ?? 1))).toBeCloseTo(0.214189 / 0.5463, 4);
  });

  it("a Bloch walk (GOLDENS 28)", () => {
    const tree = mixedStateTree(tomQuantum({ alpha: 1, beta: 4.3 }), { depth: 4 });
    for (const word of ["0", "1", "2", "3"]) expectEntry(tree, word, 1 / 4);
    expectEntry(tree, "00", 0.074668953781);
    expectEntry(tree, "01", 0.050331046219);
    expectEntry(tree, "3333", 0.008617691104);
    // The golden scales beliefs to w = (3, 0, 0).
    expect(Array.from(entry(tree, "0").belief, (value) => value / 3)).toEqual([
      expect.closeTo(1 / 3, 12),
      expect.closeTo(0, 12),
      expect.closeTo(0.147084, 6),
    ]);
  });
});

/** Every possible word up to a length, shortest first, in the order of their tokens. */
function enumerateWords(tokens: number, length: number): number[][] {
  const words: number[][] = [[]];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? [];
    if (word.length === length) break;
    for (let token = 0; token < tokens; token++) words.push([...word, token]);
  }
  return words;
}

describe("laws", () => {
  test.prop([sparseHmm()], { numRuns: 40 })("lists the possible words and no others (all words by hand)", (process) => {
    const tree = mixedStateTree(process, { depth: 4 });
    const possible = enumerateWords(process.alphabet.length, 4).filter(
      (word) => wordProbability(process, word) > 1e-11,
    );
    expect(Array.from({ length: tree.nodeCount }, (_, node) => wordOfNode(tree, node))).toEqual(possible);
    possible.forEach((word, node) => {
      expect(nodeOfWord(tree, word)).toBe(node);
      expect(Math.abs((tree.probability[node] ?? 0) - wordProbability(process, word))).toBeLessThan(1e-14);
      beliefState(process, word).forEach((value, s) => {
        expect(tree.beliefs[node * process.stateDim + s]).toBeCloseTo(value, 12);
      });
    });
  });

  test.prop(
    [
      fc.oneof(
        hmm(),
        gaugeTransformed().map(({ ghmm }) => ghmm),
      ),
    ],
    { numRuns: 40 },
  )("the probabilities of each level sum to 1 (GOLDENS 29)", (process) => {
    const { probability, levelOffsets, depth, firstChild, parent, complete } = mixedStateTree(process, { depth: 5 });
    expect(complete).toBe(true);
    for (let level = 0; level <= 5; level++) {
      const [start = 0, end = 0] = [levelOffsets[level], levelOffsets[level + 1]];
      const sum = probability.subarray(start, end).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-10);
      expect(depth.subarray(start, end).every((value) => value === level)).toBe(true);
    }
    expect(
      parent.every((node, i) => i === 0 || ((firstChild[node] ?? i) <= i && i < (firstChild[node + 1] ?? 0))),
    ).toBe(true);
  });

  test.prop([hmm(), fc.double({ min: 1e-4, max: 0.5, noNaN: true })], { numRuns: 40 })(
    "what the threshold takes is missing from the last level",
    (process, probabilityThreshold) => {
      const tree = mixedStateTree(process, { depth: 5, probabilityThreshold, withBeliefs: false });
      expect(tree.beliefs).toBe(undefined);
      const whole = mixedStateTree(process, { depth: 5 });
      const kept = Array.from(whole.probability.filter((value) => value >= probabilityThreshold));
      expect(tree.nodeCount).toBe(kept.length);
      tree.probability.forEach((value, node) => {
        expect(value).toBe(kept[node]);
      });
      expect(tree.complete).toBe(tree.nodeCount === whole.nodeCount);
      const last = tree.depth.reduce((sum, depth, node) => sum + (depth === 5 ? (tree.probability[node] ?? 0) : 0), 0);
      expect(last + tree.cut.probability).toBeCloseTo(1, 10);
      expect(tree.cut.nodes > 0).toBe(!tree.complete);
    },
  );
});

describe("limits", () => {
  it("leaves out the level that does not fit, whole", () => {
    const tree = mixedStateTree(fractal, { depth: 10, maxNodes: 100 });
    expect(perLevel(tree)).toEqual([1, 3, 9, 27]);
    expect(tree.complete).toBe(false);
    expect(tree.cut).toEqual({ nodes: 0, probability: 0 });
    expect(mixedStateTree(fractal, { depth: 3, maxNodes: 40 }).complete).toBe(true);
    expect(mixedStateTree(fractal, { depth: 3, maxNodes: 39 }).nodeCount).toBe(13);
    expect(Array.from(tree.firstChild.subarray(38))).toEqual([40, 40, 40]);
  });

  it("counts nothing as cut on a level that is left out", () => {
    const options = { depth: 3, probabilityThreshold: 0.035 };
    expect(mixedStateTree(fractal, options).cut.nodes).toBeGreaterThan(0);
    const tree = mixedStateTree(fractal, { ...options, maxNodes: 18 });
    expect(perLevel(tree)).toEqual([1, 3, 9]);
    expect(tree.cut).toEqual({ nodes: 0, probability: 0 });
    expect(tree.complete).toBe(false);
  });

  it("ends where all words are cut", () => {
    const tree = mixedStateTree(fractal, { depth: 3, probabilityThreshold: 0.5 });
    expect(Array.from(tree.levelOffsets)).toEqual([0, 1]);
    expect(tree.cut.nodes).toBe(3);
    expect(tree.cut.probability).toBeCloseTo(1, 14);
    expect(mixedStateTree(fractal, { depth: 0 }).nodeCount).toBe(1);
  });

  it("takes the empty word and words beyond the depth", () => {
    const tree = mixedStateTree(fractal, { depth: 1 });
    expect(nodeOfWord(tree, [])).toBe(0);
    expect(wordOfNode(tree, 0)).toEqual([]);
    expect(nodeOfWord(tree, [1, 1])).toBe(undefined);
  });

  it("grows its columns to hundreds of thousands of nodes", () => {
    const tree = mixedStateTree(fractal, { depth: 20, maxNodes: 300_000 });
    expect(tree.nodeCount).toBe((3 ** 12 - 1) / 2);
    expect(nodeOfWord(tree, new Array(11).fill(2))).toBe(tree.nodeCount - 1);
    const sum = tree.probability.subarray(tree.levelOffsets[11]).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 10);
  });
});

describe("bad input", () => {
  it.each([
    [{ depth: -1 }, "depth is -1"],
    [{ depth: Number.POSITIVE_INFINITY }, "depth is Infinity"],
    [{ depth: 2, probabilityThreshold: Number.NaN }, "probabilityThreshold is NaN"],
    [{ depth: 2, probabilityThreshold: 2 }, "probabilityThreshold is 2"],
    [{ depth: 2, maxNodes: 0 }, "maxNodes is 0"],
  ])("%o", (options, message) => {
    expect(() => mixedStateTree(fractal, options)).toThrow(InvalidArgumentError);
    expect(() => mixedStateTree(fractal, options)).toThrow(`mixedStateTree: ${message}`);
  });

  it("nodes and tokens that do not exist", () => {
    const tree = mixedStateTree(fractal, { depth: 1 });
    expect(() => wordOfNode(tree, 4)).toThrow(InvalidArgumentError);
    expect(() => wordOfNode(tree, Number.NaN)).toThrow(InvalidArgumentError);
    expect(() => nodeOfWord(tree, [3])).toThrow(InvalidArgumentError);
    expect(() => nodeOfWord(tree, [0, 0, -1])).toThrow(InvalidArgumentError);
  });

  it("a process with one token has one word of each length", () => {
    const tree = mixedStateTree(createGhmm({ operators: [[[1]]] }), { depth: 1000 });
    expect(tree.nodeCount).toBe(1001);
    expect(wordOfNode(tree, 1000).length).toBe(1000);
  });
});
