import { backwardSpace, beliefState, InvalidArgumentError, type Process } from "@semifactor/ghmm";
import { checkProcess, dot, readSizes, readVector } from "@semifactor/ghmm/internal";
import { checkInteger, checkLength, checkRange } from "../_internal/checks.ts";
import { factorIndex } from "../structure/_internal/factor-index.ts";
import { bipartition } from "../structure/bipartition.ts";
import type { Partition } from "../structure/partition.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { type TokenPart, tokenPart, totalVariation } from "./_internal/token-part.ts";
import { type EffectPersistence, effectPersistence } from "./effect-persistence.ts";
import { type Intervention, outcomeOf } from "./intervention.ts";

/** A process that may say how its states and tokens are made of factors, as semi-factored ones do. */
export interface StructuredProcess extends Process {
  readonly structure?: TensorStructure;
  readonly partition?: Partition;
  readonly tokenSizes?: readonly number[];
}

/** Options of {@link interventionEffect}. */
export interface InterventionEffectOptions {
  /** @defaultValue the structure of the process */
  readonly structure?: TensorStructure;
  /** Number of tokens of each part of a joint token, the slowest first. @defaultValue those of the process */
  readonly tokenSizes?: readonly number[];
  /** Name of the factor that the intervention is about. @defaultValue the first */
  readonly factor?: string;
  /** The part of the token that speaks of that factor. @defaultValue the index of the factor */
  readonly part?: number;
  /** Tokens before the intervention. @defaultValue none */
  readonly history?: ArrayLike<number>;
  /** The verdicts are taken over all possible words of up to this many tokens after `history`, 0 to 8. @defaultValue 2 */
  readonly maxLength?: number;
  /** Change of the law of the part that counts as 1, `[tokens of the part]`. @defaultValue the largest of any state of the others */
  readonly fullShift?: ArrayLike<number>;
  /** Number of tokens over which persistence is followed. @defaultValue 8 */
  readonly horizon?: number;
  /** Differences up to this count as none. @defaultValue 1e-9 */
  readonly tolerance?: number;
}

/** What the intervention does where the other factors are in a known state. */
export interface CapabilityShift {
  /** Joint state of the other factors, in the order of the structure. */
  readonly state: number;
  /** Its probability before the intervention. */
  readonly weight: number;
  /** Law of the part of the next token before, and after the intervention. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Total variation of the two. */
  readonly shift: number;
  /** The part of the full shift that happens here, `G = (after - before) . full / (full . full)`; 0 where nothing ever shifts. */
  readonly generalization: number;
}

/** What {@link interventionEffect} returns. */
export interface InterventionEffect {
  /** One entry for each state of the other factors that the belief, and the intervention, give weight to. */
  readonly states: readonly CapabilityShift[];
  /** The change that counts as 1, `[tokens of the part]`. */
  readonly fullShift: Float64Array;
  /** Mean of the generalizations, every state counted once. */
  readonly meanGeneralization: number;
  /** Fraction of the states whose generalization is above 1/2. */
  readonly fractionShifted: number;
  /** Whether every future of the part is the same after the intervention, whatever the history and the state of the other factors. */
  readonly global: boolean;
  /** Largest difference that speaks against it, in coordinates of an orthonormal basis of the part's futures. */
  readonly globalDefect: number;
  /** Whether every future of the other parts of the tokens is what it was before, after every history. */
  readonly specific: boolean;
  readonly specificDefect: number;
  readonly persistence: EffectPersistence;
}

const SOURCE = "interventionEffect";
const IMPOSSIBLE_WEIGHT = 1e-12;
/** What exactly half of the full shift may exceed it by. */
const ROUNDING = 1e-12;
const LARGEST_TREE = 2 ** 20;

/** Every belief after `belief` and up to `maxLength` tokens. */
function reachable(process: Process, belief: Float64Array, maxLength: number): readonly Float64Array[] {
  let level: readonly Float64Array[] = [belief];
  const all = [belief];
  for (let length = 0; length < maxLength; length++) {
    level = level.flatMap((from) =>
      process.alphabet.flatMap((_, token) => {
        const next = new Float64Array(process.stateDim);
        return process.step(from, token, next) > 0 ? [next] : [];
      }),
    );
    all.push(...level);
  }
  return all;
}

interface Conditioned {
  readonly state: number;
  readonly weight: number;
  readonly belief: Float64Array;
}

/** The belief given each state of the other factors that it gives weight to. */
function conditioned(
  process: Process,
  structure: TensorStructure,
  factor: string,
  belief: Float64Array,
): Conditioned[] {
  const { dimensions, order } = bipartition(structure, [factor]);
  const [dA, dC] = dimensions;
  return Array.from({ length: dC }, (_, state) => {
    const slice = new Float64Array(belief.length);
    for (let a = 0; a < dA; a++) {
      const s = order[a * dC + state] ?? 0;
      slice[s] = belief[s] ?? 0;
    }
    const weight = dot(slice, process.normalizer);
    return { state, weight, belief: slice.map((value) => value / weight) };
  }).filter(({ weight }) => Math.abs(weight) > IMPOSSIBLE_WEIGHT);
}

/** Coordinates of a belief that decide every future of a part: two beliefs agree in them if and only if all words have equal probability. */
function futureCoordinates(part: TokenPart): (belief: Float64Array) => Float64Array {
  const { basis } = backwardSpace(part.process);
  return (belief) => Float64Array.from(basis, (vector) => dot(vector, belief));
}

const largest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((max, value, i) => Math.max(max, Math.abs(value - (b[i] ?? 0))), 0);

function readFullShift(given: ArrayLike<number>, size: number): Float64Array {
  const shift = readVector(SOURCE, "fullShift", given, size);
  if (shift.some((value) => value !== 0)) return shift;
  throw new InvalidArgumentError({
    source: SOURCE,
    problem: "fullShift is zero",
    remedy: "Give the change of the law that counts as 1, or none to take the largest that occurs",
  });
}

function readShift(given: ArrayLike<number> | undefined, changes: readonly Float64Array[], size: number): Float64Array {
  if (given !== undefined) return readFullShift(given, size);
  const norm = (change: Float64Array): number => dot(change, change);
  // ties by rounding go to the first state
  return changes.reduce((best, change) => (norm(change) > norm(best) + 1e-15 ? change : best), new Float64Array(size));
}

function readStructure(process: StructuredProcess, { structure = process.structure }: InterventionEffectOptions) {
  if (structure !== undefined && structure.stateDim === process.stateDim) return structure;
  throw new InvalidArgumentError({
    source: SOURCE,
    problem:
      structure === undefined
        ? "the process has no structure"
        : `the structure has ${structure.stateDim} states and the process ${process.stateDim}`,
    remedy: "Pass the structure of the process's states",
  });
}

/**
 * What an intervention does to every future, exactly: how far the law of the target's tokens moves at each state of the other factors,
 * whether it then is the same everywhere (`global`), whether the rest is untouched (`specific`), and for how long.
 *
 * Futures of all lengths are compared at once: two beliefs have the same future of a token part if and only if their difference is
 * orthogonal to `span { T^h w }` of the process that emits that part alone. Nothing is sampled. In a factored process a reset of a factor
 * is global and specific (T26); its persistence is that of the factor's own dynamics (T28).
 *
 * @throws InvalidArgumentError if an option is out of range, the process has no structure, `fullShift` is zero, or the intervention has
 * weight zero in the belief or in every likely state of the other factors
 * @throws ShapeError if the token sizes do not multiply to the number of tokens, or `fullShift` has another length than the part
 * @throws ZeroProbabilityError if the history is impossible
 * @example
 * ```ts
 * import { families, interventionEffect, resetFactor } from "@semifactor/sfp";
 *
 * const fraction = (theta: number) => {
 *   const process = families.personaMess3({ theta });
 *   const reset = resetFactor(process.structure, { factor: "persona", to: 1 });
 *   return interventionEffect(process, reset, { tokenSizes: [2, 3] });
 * };
 * const [factored, bent] = [fraction(0), fraction(1)];
 * expect([factored.global, factored.specific, factored.fractionShifted]).toEqual([true, true, 1]);
 * expect([bent.global, bent.fractionShifted]).toEqual([false, 1 / 3]);
 * ```
 */
export function interventionEffect(
  process: StructuredProcess,
  intervention: Intervention,
  options: InterventionEffectOptions = {},
): InterventionEffect {
  const { history = [], maxLength = 2, horizon = 8, tolerance = 1e-9 } = options;
  checkProcess(SOURCE, "process", process);
  const structure = readStructure(process, options);
  const factor = options.factor ?? structure.factors[0].name;
  const index = factorIndex(SOURCE, structure, factor);
  const sizes = readSizes(SOURCE, process, options.tokenSizes ?? process.tokenSizes);
  const part = options.part ?? index;
  checkInteger(SOURCE, "part", part, 0, sizes.length - 1);
  checkInteger(SOURCE, "maxLength", maxLength, 0, 8);
  checkInteger(SOURCE, "horizon", horizon, 0, 100_000);
  checkRange(SOURCE, "tolerance", tolerance, 0, 1);
  checkLength(SOURCE, "intervention.matrix", intervention?.matrix, process.stateDim ** 2);
  const nodes = process.alphabet.length ** maxLength * process.stateDim;
  checkInteger(SOURCE, "the number of beliefs after all words, times states,", nodes, 1, LARGEST_TREE);

  const own = tokenPart(process, sizes, (n) => n === part);
  const others = tokenPart(process, sizes, (n) => n !== part);
  const start = beliefState(process, history);
  const after = intervention.apply(start);

  const outcomes = conditioned(process, structure, factor, start).flatMap(({ state, weight, belief }) => {
    const moved = outcomeOf(intervention, process.normalizer, belief);
    return moved === undefined ? [] : [{ state, weight, before: own.law(belief), after: own.law(moved) }];
  });
  if (outcomes.length === 0) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `${intervention.name} has weight only where the states of the other factors have next to none`,
      remedy: "Give a history, or a prior, after which its outcome is possible",
    });
  }
  const changes = outcomes.map((outcome) => outcome.after.map((value, u) => value - (outcome.before[u] ?? 0)));
  const fullShift = readShift(options.fullShift, changes, own.process.alphabet.length);
  const size = dot(fullShift, fullShift);
  const states = outcomes.map(
    (outcome, i): CapabilityShift => ({
      ...outcome,
      shift: totalVariation(outcome.before, outcome.after),
      generalization: size === 0 ? 0 : dot(changes[i] ?? [], fullShift) / size,
    }),
  );

  let [globalDefect, specificDefect] = [0, 0];
  const [ownFuture, otherFuture] = [futureCoordinates(own), futureCoordinates(others)];
  const reference = ownFuture(after);
  for (const belief of reachable(process, start, maxLength)) {
    const changed = outcomeOf(intervention, process.normalizer, belief);
    if (changed === undefined) continue;
    specificDefect = Math.max(specificDefect, largest(otherFuture(changed), otherFuture(belief)));
    for (const given of conditioned(process, structure, factor, belief)) {
      const moved = outcomeOf(intervention, process.normalizer, given.belief);
      if (moved !== undefined) globalDefect = Math.max(globalDefect, largest(ownFuture(moved), reference));
    }
  }

  const { partition } = process;
  return {
    states,
    fullShift,
    meanGeneralization: states.reduce((sum, { generalization }) => sum + generalization, 0) / states.length,
    fractionShifted: states.filter(({ generalization }) => generalization > 1 / 2 + ROUNDING).length / states.length,
    global: globalDefect <= tolerance,
    globalDefect,
    specific: specificDefect <= tolerance,
    specificDefect,
    persistence: effectPersistence({
      process,
      structure,
      factor,
      ...(partition === undefined ? {} : { partition }),
      before: start,
      after,
      horizon,
      law: own.law,
    }),
  };
}
