import { readBelief, tokenAt } from "../belief/token.ts";
import { checkInteger, checkNumber } from "../numeric/options.ts";
import type { Process } from "../process/process.ts";
import { withRoom } from "./_internal/growing.ts";

/** What {@link mixedStateTree} takes. */
export interface MixedStateTreeOptions {
  /** Length of the longest words. */
  readonly depth: number;
  /** Words of a smaller probability are cut, with all that begin with them; 0 by default. */
  readonly probabilityThreshold?: number;
  /** Largest number of nodes, 2^21 by default, at most 2^27: a level that does not fit is left out, with all below. */
  readonly maxNodes?: number;
  /** Also return the belief of every node; true by default. */
  readonly withBeliefs?: boolean;
}

/** What a limit took from a tree. */
export interface TreeCut {
  /** Number of words of a probability below the threshold, none of which extends another; their extensions are not counted. */
  readonly nodes: number;
  /** Sum of the probabilities of these words: what the last level lacks of 1. */
  readonly probability: number;
}

/**
 * The possible words of a process by length, as columns: entry `i` of each belongs to node `i`. Breadth-first: words of one
 * length are consecutive, ordered by their tokens.
 */
export interface MixedStateTree {
  /** The process. */
  readonly process: Process;
  /** Number of nodes `n`. */
  readonly nodeCount: number;
  /** The nodes of length `l` are `levelOffsets[l] .. levelOffsets[l + 1] - 1`; `[levels + 1]`. */
  readonly levelOffsets: Uint32Array;
  /** Node of the word without its last token, -1 for the root; `[n]`. */
  readonly parent: Int32Array;
  /** Last token of the word, -1 for the root; `[n]`. */
  readonly token: Int32Array;
  /** Length of the word; `[n]`. */
  readonly depth: Uint32Array;
  /** Probability of the word; `[n]`. */
  readonly probability: Float64Array;
  /** The children of node `i` are `firstChild[i] .. firstChild[i + 1] - 1`; `[n + 1]`. */
  readonly firstChild: Uint32Array;
  /** Belief after the word, row-major `[n, d]`. */
  readonly beliefs?: Float64Array;
  /** Whether every possible word up to the requested depth is there. */
  readonly complete: boolean;
  /** What the probability threshold took. */
  readonly cut: TreeCut;
}

const SOURCE = "mixedStateTree";

/**
 * The tree of mixed states: a node for every possible word `h` up to a length, with `P(h)` and the belief `b(h)`.
 *
 * Impossible words are absent. Without a threshold the probabilities of each level sum to 1.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if the columns do not fit into memory
 * @example
 * ```ts
 * import { mixedStateTree, wordOfNode, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const tree = mixedStateTree(zeroOneRandom({ p: 0.5 }), { depth: 4 });
 * expect(Array.from(tree.levelOffsets)).toEqual([0, 1, 3, 7, 13, 21]); // 1, 2, 4, 6, 8 words
 * expect(wordOfNode(tree, 5)).toEqual([1, 0]);
 * expect(tree.probability[5]).toBeCloseTo(1 / 3, 14);
 * ```
 * Source: Crutchfield, Ellison and Riechers, Exact complexity, Physics Letters A 380 (2016).
 */
export function mixedStateTree(
  process: Process,
  options: MixedStateTreeOptions & { readonly withBeliefs?: true },
): MixedStateTree & { readonly beliefs: Float64Array };
export function mixedStateTree(process: Process, options: MixedStateTreeOptions): MixedStateTree;
export function mixedStateTree(process: Process, options: MixedStateTreeOptions): MixedStateTree {
  const { depth: deepest, probabilityThreshold = 0, maxNodes = 2 ** 21, withBeliefs = true } = options;
  checkInteger(SOURCE, "depth", deepest, 0, 2 ** 32 - 1);
  checkNumber(SOURCE, "probabilityThreshold", probabilityThreshold, 0, 1);
  checkInteger(SOURCE, "maxNodes", maxNodes, 1, 2 ** 27);
  const d = process.stateDim;
  const tokens = process.alphabet.length;
  const initial = readBelief(SOURCE, process, process.initial);
  const belief = new Float64Array(d);
  const next = new Float64Array(d);
  let parent = Int32Array.of(-1);
  let token = Int32Array.of(-1);
  let probability = Float64Array.of(1);
  let firstChild = new Uint32Array(2);
  // Beliefs of all nodes from `kept` on: of the whole tree, or of the last two levels.
  let beliefs = initial.slice();
  let kept = 0;
  let size = 1;
  const levels = [0, 1];
  let cutNodes = 0;
  let cutProbability = 0;
  let complete = true;

  for (let level = 0; level < deepest; level++) {
    const start = levels[level] ?? 0;
    const end = size;
    const cutBefore = { nodes: cutNodes, probability: cutProbability };
    if (!withBeliefs) {
      beliefs.copyWithin(0, (start - kept) * d, (end - kept) * d);
      kept = start;
    }
    for (let node = start; node < end && size <= maxNodes; node++) {
      const room = size + tokens;
      parent = withRoom(SOURCE, Int32Array, parent, room);
      token = withRoom(SOURCE, Int32Array, token, room);
      probability = withRoom(SOURCE, Float64Array, probability, room);
      firstChild = withRoom(SOURCE, Uint32Array, firstChild, room + 1);
      beliefs = withRoom(SOURCE, Float64Array, beliefs, (room - kept) * d);
      firstChild[node] = size;
      const own = probability[node] ?? 0;
      for (let s = 0, at = (node - kept) * d; s < d; s++, at++) belief[s] = beliefs[at] ?? 0;
      for (let x = 0; x < tokens; x++) {
        const conditional = process.step(belief, x, next);
        if (conditional === 0) continue;
        const joint = own * conditional;
        if (joint < probabilityThreshold) {
          cutNodes++;
          cutProbability += joint;
          continue;
        }
        parent[size] = node;
        token[size] = x;
        probability[size] = joint;
        for (let s = 0, at = (size - kept) * d; s < d; s++, at++) beliefs[at] = next[s] ?? 0;
        size++;
      }
    }
    if (size > maxNodes) {
      size = end;
      cutNodes = cutBefore.nodes;
      cutProbability = cutBefore.probability;
      complete = false;
      break;
    }
    if (size === end) break;
    levels.push(size);
  }
  firstChild = withRoom(SOURCE, Uint32Array, firstChild, size + 1);
  firstChild.fill(size, levels[levels.length - 2] ?? 0, size + 1);
  const depth = new Uint32Array(size);
  for (let level = 0; level + 1 < levels.length; level++) depth.fill(level, levels[level], levels[level + 1]);
  return {
    process,
    nodeCount: size,
    levelOffsets: Uint32Array.from(levels),
    parent: parent.slice(0, size),
    token: token.slice(0, size),
    depth,
    probability: probability.slice(0, size),
    firstChild: firstChild.slice(0, size + 1),
    ...(withBeliefs ? { beliefs: beliefs.slice(0, size * d) } : {}),
    complete: complete && cutNodes === 0,
    cut: { nodes: cutNodes, probability: cutProbability },
  };
}

/**
 * The word of a node.
 *
 * @throws InvalidArgumentError if the tree has no such node
 * @example
 * ```ts
 * import { goldenMean, mixedStateTree, wordOfNode } from "@semifactor/ghmm";
 *
 * const tree = mixedStateTree(goldenMean({ p: 0.5 }), { depth: 2 });
 * expect(wordOfNode(tree, 4)).toEqual([0, 1]);
 * ```
 */
export function wordOfNode(tree: MixedStateTree, node: number): number[] {
  checkInteger("wordOfNode", "node", node, 0, tree.nodeCount - 1);
  const word: number[] = [];
  for (let at = node; at > 0; at = tree.parent[at] ?? 0) word.push(tree.token[at] ?? 0);
  return word.reverse();
}

/**
 * The node of a word, or `undefined` when the word is impossible, cut or longer than the tree is deep.
 *
 * @param word - tokens `[L]`; the empty word is the root, node 0
 * @throws InvalidArgumentError if a token is out of range
 * @example
 * ```ts
 * import { goldenMean, mixedStateTree, nodeOfWord } from "@semifactor/ghmm";
 *
 * const tree = mixedStateTree(goldenMean({ p: 0.5 }), { depth: 2 });
 * expect(nodeOfWord(tree, [1, 0])).toBe(5);
 * expect(nodeOfWord(tree, [1, 1])).toBe(undefined);
 * ```
 */
export function nodeOfWord(tree: MixedStateTree, word: ArrayLike<number>): number | undefined {
  let node: number | undefined = 0;
  for (let position = 0; position < word.length; position++) {
    const token = tokenAt("nodeOfWord", tree.process, word, position);
    if (node !== undefined) node = childOf(tree, node, token);
  }
  return node;
}

/** Children are ordered by token, so the child by token `x` is not beyond the `x`-th. */
function childOf({ firstChild, token }: MixedStateTree, node: number, x: number): number | undefined {
  const first = firstChild[node] ?? 0;
  for (let child = Math.min(first + x, (firstChild[node + 1] ?? 0) - 1); child >= first; child--) {
    if (token[child] === x) return child;
  }
  return undefined;
}
