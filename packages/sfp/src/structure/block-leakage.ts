import { InvalidArgumentError, type Process, ShapeError } from "@semifactor/ghmm";
import {
  eigenvalues,
  netOperator,
  recurrentClasses,
  solveLinearSystem,
  solveMarkovChain,
} from "@semifactor/ghmm/internal";
import { checkChoice, checkObject } from "../_internal/checks.ts";
import { type CommutatorDefect, partitionDefect } from "./commutator.ts";
import type { Partition } from "./partition.ts";

const SOURCE = "blockLeakage";

/** Options of {@link blockLeakage}. */
export interface BlockLeakageOptions {
  /**
   * The belief that flows start from: its average over the long run, and in a block that is left for good its average over all steps
   * before that; or the initial state itself. @defaultValue "stationary" for an HMM, "initial" for others
   */
  readonly from?: "stationary" | "initial";
}

/** What {@link blockLeakage} returns. Matrices are row-major `[blocks, blocks]`, from the row's block to the column's. */
export interface BlockLeakage {
  /** Largest entry of an operator between two blocks, and where it stands: 0 if and only if the blocks are conserved. */
  readonly largest: CommutatorDefect;
  /** Largest entry in size of an operator from block to block; on the diagonal, inside the block. */
  readonly entries: Float64Array;
  /** Probability of being in the column's block one step after a belief inside the row's block. Rows sum to one. */
  readonly flow: Float64Array;
  /** Weights of the blocks in the belief that flows start from, `[blocks]`. */
  readonly weights: Float64Array;
  /** Probability of staying in a block for one step, the diagonal of `flow`, `[blocks]`. */
  readonly retention: Float64Array;
  /**
   * `1 / (1 - retention)`, `[blocks]`; `Infinity` where nothing leaves. With stationary flows the mean number of steps from entering the
   * block to leaving it.
   */
  readonly residence: Float64Array;
  /**
   * Modulus of the second eigenvalue of `flow`: 1 where two blocks or more are conserved, 0 where the next block does not depend on this
   * one.
   */
  readonly secondEigenvalue: number;
  readonly from: "stationary" | "initial";
}

/** Largest entries by pair of blocks. */
function largestEntries(process: Process, { blockOf, blocks }: Partition): Float64Array {
  const { stateDim } = process;
  const entries = new Float64Array(blocks.length ** 2);
  process.alphabet.forEach((_, token) => {
    process.operator(token).forEach((value, i) => {
      const pair = (blockOf[Math.floor(i / stateDim)] ?? 0) * blocks.length + (blockOf[i % stateDim] ?? 0);
      entries[pair] = Math.max(entries[pair] ?? 0, Math.abs(value));
    });
  });
  return entries;
}

/** Where an HMM spends its time: on average over the long run, and the number of steps in each state that it leaves for good. */
function timeSpent(net: Float64Array, { stateDim, initial }: Process) {
  const steps = Array.from(net, (probability, i) => ({
    from: Math.floor(i / stateDim),
    to: i % stateDim,
    probability,
  })).filter(({ probability }) => probability > 0);
  const { classes, recurrent } = recurrentClasses(new Array<boolean>(stateDim).fill(true), steps);
  const passing = Array.from(recurrent.keys()).filter((s) => recurrent[s] !== true);
  const counts = new Float64Array(stateDim);
  if (passing.length > 0) {
    // m = eta0 + m T on these states
    const matrix = passing.flatMap((to) =>
      passing.map((from) => Number(from === to) - (net[from * stateDim + to] ?? 0)),
    );
    const start = passing.map((s) => initial[s] ?? 0);
    const solved = start.some((p) => p > 0) ? solveLinearSystem(matrix, passing.length, start) : start;
    passing.forEach((s, i) => {
      counts[s] = solved[i] ?? 0;
    });
  }
  return { longRun: solveMarkovChain(net, stateDim, classes).timeAverage(initial), passing: counts };
}

/**
 * The belief inside each block side by side, with the weights: of `belief`, and of `spare` for a block without weight in it; with
 * no weight in either the block is entered by nothing, and its normalizer stands in (all states alike, in an HMM).
 */
function insideBlocks(
  belief: Float64Array,
  spare: Float64Array,
  { normalizer }: Process,
  { blockOf, blocks }: Partition,
) {
  const weigh = (state: Float64Array): Float64Array => {
    const weights = new Float64Array(blocks.length);
    state.forEach((value, s) => {
      const beta = blockOf[s] ?? 0;
      weights[beta] = (weights[beta] ?? 0) + value * (normalizer[s] ?? 0);
    });
    return weights;
  };
  const candidates = [belief, spare, normalizer].map((state) => ({ state, weights: weigh(state) }));
  const inside = Float64Array.from(blockOf, (beta, s) => {
    const chosen = candidates.find(({ weights }) => Math.abs(weights[beta] ?? 0) > 1e-12);
    return (chosen?.state[s] ?? 0) / (chosen?.weights[beta] ?? 1);
  });
  return { inside, weights: candidates[0]?.weights ?? new Float64Array(blocks.length) };
}

/** Modulus of the largest eigenvalue but one of a matrix with eigenvalue 1, `[n, n]`. */
function secondModulus(flow: Float64Array, n: number): number {
  const { real, imaginary } = eigenvalues(flow, n);
  const values = Array.from(real, (re, i) => ({ re, im: imaginary[i] ?? 0 }));
  values.sort((x, y) => Math.hypot(x.re - 1, x.im) - Math.hypot(y.re - 1, y.im));
  return values.slice(1).reduce((most, { re, im }) => Math.max(most, Math.hypot(re, im)), 0);
}

/**
 * How far the blocks of a partition are from being conserved: entry by entry, and as one-step probabilities of leaving.
 *
 * For a process that {@link semiFactored} refuses. `flow[i, j] = b_i T P_j w` with `b_i` the belief inside block i. With the stationary
 * belief of an HMM the mean stay in a block is exactly `1 / (1 - retention)` steps: of the steps that are spent there, as many per stay
 * lead out as stays end, one (Kac). The second eigenvalue describes how fast the label is forgotten where the blocks themselves form a
 * Markov chain.
 *
 * @param partition - of a structure with as many states as the process
 * @throws ShapeError if the partition is of another number of states
 * @throws InvalidArgumentError if stationary flows are asked of a process that is not an HMM, or `from` is unknown
 * @example
 * ```ts
 * import { blockLeakage, families } from "@semifactor/sfp";
 *
 * const { process, partition } = families.leakySector({ leak: 0.3 });
 * const { largest, retention, residence } = blockLeakage(process, partition);
 * expect(largest.defect).toBeCloseTo(0.3 * 0.3, 12);
 * // redrawn on a third of all steps, and then to the other label half of the time
 * expect(retention[0]).toBeCloseTo(1 - 0.3 / 6, 12);
 * expect(residence[0]).toBeCloseTo(20, 9);
 * ```
 */
export function blockLeakage(process: Process, partition: Partition, options: BlockLeakageOptions = {}): BlockLeakage {
  const { stateDim, certificate } = process;
  checkObject(SOURCE, "partition", partition);
  const { blockOf, blocks } = partition;
  if (blockOf.length !== stateDim) {
    throw new ShapeError({
      source: SOURCE,
      problem: `the partition is of ${blockOf.length} states and the process has ${stateDim}`,
      remedy: "Partition a structure of as many states",
    });
  }
  const isHmm = certificate.kind === "hmm";
  const { from = isHmm ? "stationary" : "initial" } = options;
  checkChoice(SOURCE, "from", from, ["stationary", "initial"]);
  if (from === "stationary" && !isHmm) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `from is "stationary" and the certificate is ${JSON.stringify(certificate.kind)}`,
      remedy: 'Give from "initial": only an HMM has hidden states that a long run visits',
    });
  }
  const largest = partitionDefect(SOURCE, process, partition);
  const net = netOperator(
    process.alphabet.map((_, token) => process.operator(token)),
    stateDim,
  );
  const spent = from === "stationary" ? timeSpent(net, process) : undefined;
  const { inside, weights } = insideBlocks(
    spent?.longRun ?? process.initial,
    spent?.passing ?? process.initial,
    process,
    partition,
  );
  const n = blocks.length;
  const flow = new Float64Array(n * n);
  net.forEach((value, i) => {
    const [row, column] = [Math.floor(i / stateDim), i % stateDim];
    const pair = (blockOf[row] ?? 0) * n + (blockOf[column] ?? 0);
    flow[pair] = (flow[pair] ?? 0) + (inside[row] ?? 0) * value * (process.normalizer[column] ?? 0);
  });
  const retention = Float64Array.from(blocks, (_, beta) => flow[beta * n + beta] ?? 0);
  const residence = Float64Array.from(blocks, (_, beta) => {
    let leaving = 0;
    for (let other = 0; other < n; other++) leaving += other === beta ? 0 : (flow[beta * n + other] ?? 0);
    return 1 / leaving;
  });
  return {
    largest,
    entries: largestEntries(process, partition),
    flow,
    weights,
    retention,
    residence,
    secondEigenvalue: secondModulus(flow, n),
    from,
  };
}
