import { readBelief } from "../belief/token.ts";
import { observableCoordinates } from "../equivalence/observable-coordinates.ts";
import { checkInteger, checkNumber } from "../numeric/options.ts";
import { recurrentClasses } from "../numeric/recurrent-classes.ts";
import type { Process } from "../process/process.ts";
import { BeliefSet } from "./belief-set.ts";

/** One step of a presentation: from a mixed state, a token leads to one other mixed state. */
export interface PresentationTransition {
  /** Index of the mixed state before the token. */
  readonly from: number;
  /** Index of the token. */
  readonly token: number;
  /** Index of the mixed state after the token. */
  readonly to: number;
  /** `P(token | from)`. */
  readonly probability: number;
}

/** What {@link mixedStatePresentation} takes. */
export interface MixedStatePresentationOptions {
  /**
   * Largest number of mixed states, 4096 by default, at most 2^20: the presentation is truncated there, and earlier where the
   * states have 2^26 coordinates in all.
   */
  readonly maxStates?: number;
  /** Longest word that is followed, unlimited by default: the presentation is truncated there. */
  readonly maxDepth?: number;
  /** Beliefs no further apart than this in any coordinate are one mixed state; 1e-8 by default, from 1e-14 to 0.1. */
  readonly tolerance?: number;
}

/** The mixed states of a process and the steps between them. */
export interface MixedStatePresentation {
  /** The process whose beliefs these are. */
  readonly process: Process;
  /** Whether every mixed state is listed with its steps; false when truncated at `maxStates` or `maxDepth`. */
  readonly complete: boolean;
  /** The distinct mixed states `[n]`, each a belief `[d]`; the initial belief first, then in breadth-first order. */
  readonly states: readonly Float64Array[];
  /** Length of the shortest word that leads to each mixed state, `[n]`. */
  readonly depth: Uint32Array;
  /** Whether the steps from each mixed state are listed, `[n]`; false on the frontier of a truncated presentation. */
  readonly expanded: readonly boolean[];
  /** Whether each mixed state is in a recurrent class, `[n]`. */
  readonly recurrent: readonly boolean[];
  /** Recurrent classes: sets of mixed states that reach each other and no others. Ordered by their first member. */
  readonly classes: readonly (readonly number[])[];
  /** The steps, sorted by `from`, then by `token`; at most one for each pair. */
  readonly transitions: readonly PresentationTransition[];
  /** The tolerance used. */
  readonly tolerance: number;
  /**
   * Largest coordinate difference between two beliefs that were taken for one. At rounding level (about 1e-14) the mixed
   * states are exact; near `tolerance`, beliefs that only converge to each other were merged.
   */
  readonly mergeDistance: number;
}

const SOURCE = "mixedStatePresentation";
const MAX_STATES = 2 ** 20;
/** Most coordinates of all mixed states together: 512 MiB. */
const MAX_COORDINATES = 2 ** 26;

/**
 * The mixed-state presentation: every belief that a process can reach, with the steps `b -> U_x(b)` of probability `P(x | b)`.
 *
 * It is unifilar: a mixed state and a token determine the next mixed state. Beliefs that give all futures the same
 * probabilities are one mixed state, also where the process has redundant states. The recurrent part of the presentation of
 * an ergodic process is its epsilon-machine. Many processes have infinitely many mixed states: their presentation is
 * truncated, and `complete` says so. In coordinates with a condition number above about 100 (see `changeBasis`)
 * rounding can make an impossible token possible and add mixed states that the process does not have.
 *
 * @throws InvalidArgumentError if an option is out of range
 * @throws UnsupportedError if the backward space, which tells beliefs apart, does not fit into memory
 * @example
 * ```ts
 * import { mixedStatePresentation, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const { states, recurrent, complete } = mixedStatePresentation(zeroOneRandom({ p: 0.5 }));
 * expect(complete).toBe(true);
 * expect(states.length).toBe(7);
 * expect(recurrent.filter(Boolean).length).toBe(3);
 * ```
 * Source: Crutchfield, Ellison and Riechers, Exact complexity, Physics Letters A 380 (2016).
 */
export function mixedStatePresentation(
  process: Process,
  options: MixedStatePresentationOptions = {},
): MixedStatePresentation {
  const { maxStates = 4096, maxDepth = 2 ** 32 - 1, tolerance = 1e-8 } = options;
  checkInteger(SOURCE, "maxStates", maxStates, 1, MAX_STATES);
  checkInteger(SOURCE, "maxDepth", maxDepth, 0, 2 ** 32 - 1);
  checkNumber(SOURCE, "tolerance", tolerance, 1e-14, 0.1);
  const room = Math.min(maxStates, Math.max(1, Math.floor(MAX_COORDINATES / process.stateDim)));
  const coordinates = observableCoordinates(process);
  const known = new BeliefSet(coordinates.dimension, tolerance);
  const states: Float64Array[] = [];
  const depth: number[] = [];
  const transitions: PresentationTransition[] = [];
  let mergeDistance = 0;

  const add = (belief: Float64Array, point: Float64Array, length: number): number => {
    states.push(belief);
    depth.push(length);
    return known.add(point);
  };
  const initial = readBelief(SOURCE, process, process.initial);
  add(initial, coordinates.of(initial), 0);

  let expandedCount = 0;
  for (; expandedCount < states.length; expandedCount++) {
    const from = expandedCount;
    const belief = states[from] ?? initial;
    const length = depth[from] ?? 0;
    if (length >= maxDepth) break;
    const sizeBefore = states.length;
    const transitionsBefore = transitions.length;
    for (let token = 0; token < process.alphabet.length; token++) {
      const next = new Float64Array(process.stateDim);
      const probability = process.step(belief, token, next);
      if (probability === 0) continue;
      const point = coordinates.of(next);
      const { index, distance } = known.nearest(point);
      if (distance > mergeDistance) mergeDistance = distance;
      transitions.push({ from, token, to: index < 0 ? add(next, point, length + 1) : index, probability });
    }
    if (states.length > room) {
      // No room for all successors of this state: leave it unexpanded, without any.
      states.length = sizeBefore;
      depth.length = sizeBefore;
      transitions.length = transitionsBefore;
      break;
    }
  }
  const expanded = states.map((_, i) => i < expandedCount);
  const { recurrent, classes } = recurrentClasses(expanded, transitions);
  return {
    process,
    complete: expandedCount === states.length,
    states,
    depth: Uint32Array.from(depth),
    expanded,
    recurrent,
    classes,
    transitions,
    tolerance,
    mergeDistance,
  };
}
