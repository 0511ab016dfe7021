import { checkInteger } from "../_internal/checks.ts";
import type { SemiFactoredProcess } from "../structure/semi-factored.ts";
import { checkStates, type Intervention, makeIntervention } from "./intervention.ts";

/**
 * Makes one block certain: `b -> b P_beta / omega_beta`.
 *
 * Every operator commutes with `P_beta`, so the change is global and permanent: after every history, at once and for ever, the process
 * predicts as block beta does (T28).
 *
 * @param block - index of the block
 * @throws InvalidArgumentError if there is no such block; `apply` throws it for a belief in which the block has weight zero
 * @throws UnsupportedError if the process has more than 8192 states
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { blockWeights, families, projectOntoBlock } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r();
 * const misaligned = projectOntoBlock(process, 1);
 * expect(Array.from(blockWeights(process, misaligned.apply(beliefState(process, [0, 1]))))).toEqual([0, 1]);
 * expect([misaligned.rank, misaligned.changeRank]).toEqual([3, 3]);
 * ```
 */
export function projectOntoBlock(process: SemiFactoredProcess, block: number): Intervention {
  const source = "projectOntoBlock";
  const { stateDim, normalizer } = process;
  const { blocks, blockOf } = process.partition;
  checkInteger(source, "block", block, 0, blocks.length - 1);
  checkStates(source, stateDim);
  const matrix = new Float64Array(stateDim * stateDim);
  blockOf.forEach((beta, s) => {
    if (beta === block) matrix[s * stateDim + s] = 1;
  });
  const rank = blocks[block]?.states.length ?? 0;
  return makeIntervention({
    source,
    name: `project onto block ${block}`,
    matrix,
    rank,
    changeRank: stateDim - rank,
    normalizer,
  });
}
