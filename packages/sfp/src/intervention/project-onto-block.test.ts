import { beliefState, InvalidArgumentError, wordProbability } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { blockProcess, withBlockWeights, withinBlockBelief } from "../structure/blocks.ts";
import { projectOntoBlock } from "./project-onto-block.ts";

describe("projectOntoBlock", () => {
  test("is the belief inside the block", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), fc.array(fc.nat(1), { maxLength: 5 }), (process, word) => {
        const belief = beliefState(process, word);
        process.partition.blocks.forEach(({ states }, block) => {
          const projection = projectOntoBlock(process, block);
          expect([projection.rank, projection.changeRank]).toEqual([states.length, process.stateDim - states.length]);
          const inside = withinBlockBelief(process, belief, block);
          projection.apply(belief).forEach((value, s) => {
            expect(Math.abs(value - (inside[s] ?? 0))).toBeLessThan(1e-12);
          });
        });
      }),
    );
  });

  test("T28: from any history on, every word has the probability that the block alone gives it", () => {
    fc.assert(
      fc.property(semiFactoredProcess({ maxTokens: 2 }), fc.array(fc.nat(1), { maxLength: 4 }), (process, word) => {
        const initial = projectOntoBlock(process, 1).apply(beliefState(process, word));
        const alone = blockProcess(process, 1);
        for (const { tokens, probability } of wordsOfLength({ ...process, initial }, 3)) {
          const conditional = wordProbability(alone, [...word, ...tokens]) / wordProbability(alone, word);
          expect(Math.abs(probability - conditional)).toBeLessThan(1e-11);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("refuses a block that does not exist, and one without weight when applied", () => {
    const process = personaZ1r();
    expect(() => projectOntoBlock(process, 2)).toThrow("projectOntoBlock: block is 2");
    expect(() => projectOntoBlock(process, -1)).toThrow(InvalidArgumentError);
    const certain = withBlockWeights(process, [1, 0]);
    expect(() => projectOntoBlock(certain, 1).apply(certain.initial)).toThrow(
      "projectOntoBlock: project onto block 1 has weight 0",
    );
  });
});
