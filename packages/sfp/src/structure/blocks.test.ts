import {
  beliefState,
  changeBasis,
  InvalidArgumentError,
  logWordProbability,
  nextTokenDistribution,
  ShapeError,
  updateBelief,
  wordProbability,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockEntropyCurve, entropyBits } from "../_testing/words.ts";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { blockPartition } from "../arbitraries/partitions.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { blockProcess, blockWeights, withBlockWeights, withinBlockBelief } from "./blocks.ts";
import { partition } from "./partition.ts";
import { type SemiFactoredProcess, semiFactored } from "./semi-factored.ts";
import { tensorStructure } from "./tensor-structure.ts";

const TOKENS = 3;

/** A random semi-factored process with a random word of it. */
const instances = fc
  .record({
    blocks: blockPartition(),
    seed: fc.nat(1000),
    word: fc.array(fc.nat(TOKENS - 1), { minLength: 1, maxLength: 6 }),
  })
  .map(({ blocks, seed, word }) => ({
    process: semiFactored({ process: blockDiagonalHmm(blocks, TOKENS, seed), structure: blocks.structure, blocks }),
    word,
  }));

function worst(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left.length).toBe(right.length);
  return Math.max(...Array.from(left, (value, i) => Math.abs(value - (right[i] ?? Number.NaN))));
}

const blockIndices = ({ partition }: SemiFactoredProcess) => partition.blocks.map((_, beta) => beta);

/** P_beta(x | b_beta) for every block. */
function blockPredictions(process: SemiFactoredProcess, belief: Float64Array, token: number): readonly number[] {
  return blockIndices(process).map(
    (beta) => nextTokenDistribution(process, withinBlockBelief(process, belief, beta))[token] ?? Number.NaN,
  );
}

describe("T15: block weights of a semi-factored process", () => {
  test("(i) they are updated by Bayes' rule with the blocks' predictions", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        const belief = beliefState(process, word.slice(0, -1));
        const token = word.at(-1) ?? 0;
        const likelihood = blockPredictions(process, belief, token);
        const joint = blockWeights(process, belief).map((weight, beta) => weight * (likelihood[beta] ?? 0));
        const total = joint.reduce((sum, value) => sum + value, 0);
        const after = blockWeights(process, updateBelief(process, belief, token));
        expect(
          worst(
            after,
            joint.map((value) => value / total),
          ),
        ).toBeLessThan(1e-12);
      }),
    );
  });

  test("(ii) they are martingales", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        const belief = beliefState(process, word);
        const before = blockWeights(process, belief);
        const expected = new Float64Array(before.length);
        nextTokenDistribution(process, belief).forEach((probability, token) => {
          blockWeights(process, updateBelief(process, belief, token)).forEach((weight, beta) => {
            expected[beta] = (expected[beta] ?? 0) + probability * weight;
          });
        });
        expect(worst(expected, before)).toBeLessThan(1e-12);
      }),
    );
  });

  test("(iii) the belief inside a block evolves by the block alone, whatever the weights", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        for (const beta of blockIndices(process)) {
          const inside = withinBlockBelief(process, beliefState(process, word), beta);
          const alone = beliefState(blockProcess(process, beta), word);
          const { states } = process.partition.blocks[beta] ?? { states: [] };
          expect(
            worst(
              Float64Array.from(states, (s) => inside[s] ?? 0),
              alone,
            ),
          ).toBeLessThan(1e-12);
          const certain = blockIndices(process).map((other) => (other === beta ? 1 : 0));
          expect(worst(beliefState(withBlockWeights(process, certain), word), inside)).toBeLessThan(1e-12);
        }
      }),
    );
  });

  test("(iv) word probabilities are the mixture over blocks", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        const weights = blockWeights(process, process.initial);
        let mixed = 0;
        for (const beta of blockIndices(process)) {
          mixed += (weights[beta] ?? 0) * wordProbability(blockProcess(process, beta), word);
        }
        expect(Math.abs(mixed - wordProbability(process, word))).toBeLessThan(1e-12);
      }),
    );
  });

  test("(v) certainty about the block is absorbing (T28: being put in a block is permanent)", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        for (const beta of blockIndices(process)) {
          let belief = withinBlockBelief(process, process.initial, beta);
          for (const token of word) belief = updateBelief(process, belief, token);
          const weights = blockWeights(process, belief);
          expect(Math.abs((weights[beta] ?? 0) - 1)).toBeLessThan(1e-12);
          weights.forEach((weight, other) => {
            if (other !== beta) expect(weight).toBe(0);
          });
        }
      }),
    );
  });

  test("(vi) log odds of two blocks move by the log-likelihood ratio", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        const odds = (belief: Float64Array) => {
          const [first = 0, second = 0] = blockWeights(process, belief);
          return Math.log(first / second);
        };
        const ratio =
          logWordProbability(blockProcess(process, 0), word) - logWordProbability(blockProcess(process, 1), word);
        expect(Math.abs(odds(beliefState(process, word)) - odds(process.initial) - ratio)).toBeLessThan(1e-10);
      }),
    );
  });
});

describe("blockWeights and withinBlockBelief", () => {
  test("a belief is the mixture of its beliefs inside blocks", () => {
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        const belief = beliefState(process, word);
        const weights = blockWeights(process, belief);
        expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
        const mixed = new Float64Array(process.stateDim);
        for (const beta of blockIndices(process)) {
          withinBlockBelief(process, belief, beta).forEach((value, s) => {
            mixed[s] = (mixed[s] ?? 0) + (weights[beta] ?? 0) * value;
          });
        }
        expect(worst(mixed, belief)).toBeLessThan(1e-14);
      }),
    );
  });

  test("do not depend on the gauge inside blocks: weights use the normalizer", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.array(fc.nat(TOKENS - 1), { maxLength: 5 }), (seed, word) => {
        const factors = (normalizer: readonly number[]) =>
          tensorStructure({
            factors: [
              { name: "persona", dimension: 2 },
              { name: "capability", dimension: 2, normalizer },
            ],
          });
        const blocks = partition({ structure: factors([1, 1]), blocks: "sectors" });
        const process = blockDiagonalHmm(blocks, TOKENS, seed);
        const plain = semiFactored({ process, structure: blocks.structure, blocks });
        // the same change of basis of the capability register for both personas: w becomes (3, 1, 3, 1)
        const turned = semiFactored({
          process: changeBasis(process, [
            [2, 1, 0, 0],
            [0, 1, 0, 0],
            [0, 0, 2, 1],
            [0, 0, 0, 1],
          ]),
          structure: factors([3, 1]),
          blocks: "sectors",
        });
        const weights = blockWeights(plain, beliefState(plain, word));
        expect(worst(blockWeights(turned, beliefState(turned, word)), weights)).toBeLessThan(1e-12);
        const alone = wordProbability(blockProcess(turned, 1), word);
        expect(Math.abs(alone - wordProbability(blockProcess(plain, 1), word))).toBeLessThan(1e-12);
      }),
    );
  });

  test("refuse a block without weight, a block that does not exist and beliefs of another size", () => {
    const process = withBlockWeights(personaZ1r(), [1, 0]);
    expect(() => withinBlockBelief(process, process.initial, 1)).toThrow("withinBlockBelief: block 1 has weight 0");
    expect(() => withinBlockBelief(process, process.initial, 2)).toThrow("block is 2");
    expect(() => blockProcess(process, -1)).toThrow(InvalidArgumentError);
    expect(() => blockWeights(process, [1])).toThrow(ShapeError);
    expect(() => blockWeights(process, [Number.NaN, 0, 0, 0, 0, 1])).toThrow("blockWeights: belief[0] is NaN");
    expect(() => blockProcess(process, 1)).toThrow("blockProcess: block 1 has weight 0");
  });
});

describe("withBlockWeights", () => {
  test("changes the weights and nothing inside the blocks", () => {
    fc.assert(
      fc.property(instances, fc.double({ min: 0.05, max: 0.9, noNaN: true }), ({ process }, first) => {
        const others = process.partition.blocks.length - 1;
        const weights = blockIndices(process).map((beta) => (beta === 0 ? first : (1 - first) / others));
        const shifted = withBlockWeights(process, weights);
        expect(worst(blockWeights(shifted, shifted.initial), weights)).toBeLessThan(1e-14);
        for (const beta of blockIndices(process)) {
          const [before, after] = [process, shifted].map((one) => withinBlockBelief(one, one.initial, beta));
          expect(worst(after ?? [], before ?? [0])).toBeLessThan(1e-14);
        }
      }),
    );
  });

  test("T29: the gradient of a word's log-probability in the prior's logits is posterior minus prior", () => {
    const softmax = (logits: readonly number[]) => {
      const total = logits.reduce((sum, l) => sum + Math.exp(l), 0);
      return logits.map((l) => Math.exp(l) / total);
    };
    fc.assert(
      fc.property(instances, ({ process, word }) => {
        const logits = blockIndices(process).map((beta) => 0.3 * beta - 0.2);
        const logProbability = (values: readonly number[]) =>
          logWordProbability(withBlockWeights(process, softmax(values)), word);
        const shifted = withBlockWeights(process, softmax(logits));
        const posterior = blockWeights(shifted, beliefState(shifted, word));
        const prior = softmax(logits);
        for (const beta of blockIndices(process)) {
          const nudge = (h: number) => logits.map((l, i) => (i === beta ? l + h : l));
          const slope = (logProbability(nudge(1e-4)) - logProbability(nudge(-1e-4))) / 2e-4;
          expect(Math.abs(slope - ((posterior[beta] ?? 0) - (prior[beta] ?? 0)))).toBeLessThan(1e-8);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("T17: the entropy of a mixture of distinguishable blocks exceeds the mean of theirs by the entropy of the weights", () => {
    const process = staticLabels({ alpha: 0.3, first: [0.05, 0.95], second: [0.02, 0.98] });
    const length = 7;
    const weights = blockWeights(process, process.initial);
    const mean = weights.reduce((sum, weight, beta) => {
      return sum + weight * (blockEntropyCurve(blockProcess(process, beta), length)[length] ?? 0);
    }, 0);
    const excess = (blockEntropyCurve(process, length)[length] ?? 0) - mean;
    expect(excess).toBeLessThan(entropyBits(weights));
    expect(excess).toBeGreaterThan(entropyBits(weights) - 0.02);
  });

  test("refuses weights that are not a law", () => {
    const process = personaZ1r();
    expect(() => withBlockWeights(process, [0.5, 0.6])).toThrow("weights sums to 1.1");
    expect(() => withBlockWeights(process, [-1, 2])).toThrow("weights[0] is -1");
    expect(() => withBlockWeights(process, [1])).toThrow(ShapeError);
    expect(() => withBlockWeights(withBlockWeights(process, [1, 0]), [0.5, 0.5])).toThrow(
      "withBlockWeights: block 1 has weight 0",
    );
  });

  test("the certificate stays only where every mixture of blocks is a state", () => {
    const process = personaZ1r();
    expect(withBlockWeights(process, [0.2, 0.8]).certificate.kind).toBe("hmm");
    const signed = { ...process, certificate: { kind: "similar-to-hmm", hmm: process } } as const;
    expect(withBlockWeights(signed, [0.2, 0.8]).certificate.kind).toBe("unchecked");
  });
});
