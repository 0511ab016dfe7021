import type { MixedStateTree, TreeCut } from "./mixed-state-tree.ts";

/** A mixed-state tree as JSON, in the columns of {@link MixedStateTree}. */
export interface TreeJson {
  readonly format: "semifactor.mixed-state-tree";
  /** Grows with every change that an older reader would misunderstand. */
  readonly version: 1;
  /** Names of the tokens. */
  readonly alphabet: readonly string[];
  /** Number of coordinates of a belief. */
  readonly stateDim: number;
  readonly complete: boolean;
  readonly cut: TreeCut;
  /** Index of the first node of each length, and the number of nodes last. */
  readonly levelOffsets: readonly number[];
  /** Parent of each node, -1 for the root. */
  readonly parent: readonly number[];
  /** Last token of each node, -1 for the root. */
  readonly token: readonly number[];
  /** Probability of the word of each node. */
  readonly probability: readonly number[];
  /** Belief of each node, where the tree has them. */
  readonly beliefs?: readonly (readonly number[])[];
}

/**
 * A tree as an object to write with `JSON.stringify`; numbers keep all their digits.
 *
 * @example
 * ```ts
 * import { goldenMean, mixedStateTree, treeToJson } from "@semifactor/ghmm";
 *
 * const json = treeToJson(mixedStateTree(goldenMean({ p: 0.5 }), { depth: 1 }));
 * expect(json.parent).toEqual([-1, 0, 0]);
 * expect(json.token).toEqual([-1, 0, 1]);
 * expect(json.beliefs?.[1]).toEqual([1, 0]);
 * ```
 */
export function treeToJson(tree: MixedStateTree): TreeJson {
  const { process, beliefs } = tree;
  const d = process.stateDim;
  return {
    format: "semifactor.mixed-state-tree",
    version: 1,
    alphabet: process.alphabet,
    stateDim: d,
    complete: tree.complete,
    cut: tree.cut,
    levelOffsets: Array.from(tree.levelOffsets),
    parent: Array.from(tree.parent),
    token: Array.from(tree.token),
    probability: Array.from(tree.probability),
    ...(beliefs === undefined
      ? {}
      : {
          beliefs: Array.from({ length: tree.nodeCount }, (_, node) =>
            Array.from(beliefs.subarray(node * d, (node + 1) * d)),
          ),
        }),
  };
}
