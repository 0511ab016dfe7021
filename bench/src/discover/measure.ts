import { createKey, fitSpectral, foldIn, type Process, sampleSequences } from "@semifactor/ghmm";
import { type FoundBlock, findBlocks } from "@semifactor/sfp";
import type { Case } from "./cases.ts";

/** What one set of sequences gives. */
export interface Trial {
  /** Dimension that the noise level selects. */
  readonly rank: number;
  /** Error to expect in the operators: the noise level over the smallest canonical correlation used. */
  readonly noise: number;
  /** Blocks found without their number. */
  readonly found: number;
  /** Smallest relative commutators, up to two beyond the true number of blocks. */
  readonly singularValues: readonly number[];
  /** With the number of blocks given: largest error of a weight; undefined where there are not so many blocks. */
  readonly weightError: number | undefined;
  /** The same: total variation between estimated and true law of words of three tokens of a persona, mean over personas. */
  readonly lawError: number | undefined;
}

/** One process at one number of sequences, a trial for each key. */
export interface Row {
  readonly process: string;
  readonly personas: number;
  readonly sequences: number;
  readonly trials: readonly Trial[];
}

export interface StudyOptions {
  readonly keys: number;
  /** Seed of the first set of sequences; the others follow it. */
  readonly firstKey: number;
  readonly length: number;
  readonly wordLength: number;
  readonly sizes: readonly number[];
}

/** Length of the words whose laws are compared. */
export const LAW_LENGTH = 3;

/** `P(word) = initial T^x1 T^x2 T^x3 normalizer` for all words, first token slowest. */
function law(operators: readonly Float64Array[], initial: Float64Array, normalizer: Float64Array): Float64Array {
  const d = initial.length;
  let level: readonly Float64Array[] = [initial];
  for (let t = 0; t < LAW_LENGTH; t++) {
    level = level.flatMap((state) =>
      operators.map((operator) =>
        state.map((_, next) => state.reduce((sum, value, s) => sum + value * (operator[s * d + next] ?? 0), 0)),
      ),
    );
  }
  return Float64Array.from(level, (state) => state.reduce((sum, value, s) => sum + value * (normalizer[s] ?? 0), 0));
}

const operatorsOf = (process: Process): readonly Float64Array[] =>
  process.alphabet.map((_, token) => process.operator(token));

const lawOf = (process: Process): Float64Array => law(operatorsOf(process), process.initial, process.normalizer);

/** Law of a block that was found: its projector cuts the initial state. */
function blockLaw(process: Process, { projector, weight }: FoundBlock): Float64Array {
  const d = process.stateDim;
  const initial = process.initial.map(
    (_, column) =>
      process.initial.reduce((sum, value, row) => sum + value * (projector[row * d + column] ?? 0), 0) / weight,
  );
  return law(operatorsOf(process), initial, process.normalizer);
}

const totalVariation = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / 2;

function permutations(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

/** Errors of blocks against the personas, in the order that fits the laws best. */
function compare(process: Process, blocks: readonly FoundBlock[], { personas, weights }: Case) {
  const truth = personas.map(lawOf);
  const estimated = blocks.map((block) => blockLaw(process, block));
  const errors = permutations(personas.length).map((order) => ({
    weightError: order.reduce(
      (worst, block, i) => Math.max(worst, Math.abs((blocks[block]?.weight ?? 0) - (weights[i] ?? 0))),
      0,
    ),
    lawError:
      order.reduce(
        (sum, block, i) =>
          sum + totalVariation(estimated[block] ?? new Float64Array(0), truth[i] ?? new Float64Array(0)),
        0,
      ) / order.length,
  }));
  return errors.reduce((best, one) => (one.lawError < best.lawError ? one : best));
}

function trial(tokens: Int32Array, lengths: Int32Array, one: Case, wordLength: number): Trial {
  const { process, rank, noiseLevel, condition } = fitSpectral({
    tokens,
    lengths,
    alphabet: one.process.alphabet.length,
    wordLength,
  });
  const count = one.personas.length;
  const noise = noiseLevel * condition;
  const { blocks, singularValues } = findBlocks(process, { noise });
  const given = rank < count ? undefined : compare(process, findBlocks(process, { blocks: count }).blocks, one);
  return {
    rank,
    noise,
    found: blocks.length,
    singularValues: [...singularValues.slice(0, count + 2)],
    weightError: given?.weightError,
    lawError: given?.lawError,
  };
}

/** Every key draws its own sequences; fewer sequences are the first of more. */
export function measure(one: Case, { keys, firstKey, length, wordLength, sizes }: StudyOptions): readonly Row[] {
  const most = Math.max(...sizes);
  const trials: Trial[][] = sizes.map(() => []);
  for (let seed = firstKey; seed < firstKey + keys; seed++) {
    const { tokens } = sampleSequences(one.process, { count: most, length, key: foldIn(createKey(seed), 0) });
    sizes.forEach((sequences, i) => {
      const lengths = new Int32Array(sequences).fill(length);
      trials[i]?.push(trial(tokens.subarray(0, sequences * length), lengths, one, wordLength));
    });
  }
  return sizes.map((sequences, i) => ({
    process: one.name,
    personas: one.personas.length,
    sequences,
    trials: trials[i] ?? [],
  }));
}
