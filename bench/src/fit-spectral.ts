import { renameSync, writeFileSync } from "node:fs";
import {
  createHmm,
  createKey,
  fitSpectral,
  foldIn,
  type Key,
  type Process,
  randomBits,
  sampleSequences,
} from "@semifactor/ghmm";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";

/** Mean over seeds with its standard error. */
interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** Errors over all words of length four at one number of tokens. */
interface Row {
  readonly tokens: number;
  /** Half the sum of the absolute differences. */
  readonly totalVariation: Estimate;
  /** Largest absolute difference. */
  readonly largest: Estimate;
  /** Total variation of the plain frequencies of the words of length four. */
  readonly frequencies: Estimate;
  /** Dimension that the noise level selects when `rank` is left out, and the error then. */
  readonly selectedRank: number;
  readonly selectedTotalVariation: Estimate;
}

interface Options {
  readonly seeds: number;
  readonly states: number;
  readonly alphabet: number;
  readonly most: number;
  readonly json?: string;
}

const WORD_LENGTH = 4;

/** A stationary HMM whose rows over (token, next state) are uniform on their simplex. */
function randomHmm(states: number, tokens: number, key: Key): Process {
  const width = states * tokens;
  const draws = Array.from(randomBits(key, width * states), (bits) => -Math.log((bits + 0.5) / 2 ** 32));
  const rows = Array.from({ length: states }, (_, s) => {
    const row = draws.slice(s * width, (s + 1) * width);
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map((value) => value / total);
  });
  return createHmm({
    operators: Array.from({ length: tokens }, (_, x) => rows.map((row) => row.slice(x * states, (x + 1) * states))),
  });
}

/** Probabilities of all words of length four as products of operators, also below zero; first token slowest. */
function wordProbabilities(process: Process): Float64Array {
  const d = process.stateDim;
  let level: readonly (readonly number[])[] = [Array.from(process.initial)];
  const operators = process.alphabet.map((_, x) => process.operator(x));
  for (let t = 0; t < WORD_LENGTH; t++) {
    level = level.flatMap((state) =>
      operators.map((operator) =>
        state.map((_, next) => state.reduce((sum, value, s) => sum + value * (operator[s * d + next] ?? 0), 0)),
      ),
    );
  }
  return Float64Array.from(level, (state) =>
    state.reduce((sum, value, s) => sum + value * (process.normalizer[s] ?? 0), 0),
  );
}

function wordFrequencies(tokens: Int32Array, size: number): Float64Array {
  const out = new Float64Array(size ** WORD_LENGTH);
  const windows = tokens.length - WORD_LENGTH + 1;
  for (let t = 0, code = 0; t < tokens.length; t++) {
    code = (code * size + (tokens[t] ?? 0)) % out.length;
    if (t + 1 >= WORD_LENGTH) out[code] = (out[code] ?? 0) + 1 / windows;
  }
  return out;
}

const differences = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, i) => Math.abs(value - (b[i] ?? 0)));
const halfSum = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / 2;

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

/** Each seed has a random HMM and a word of its own; a shorter word is the beginning of a longer one. */
function measure({ seeds, states, alphabet, most }: Options): readonly Row[] {
  const sizes = [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6].filter((n) => n <= most);
  const cases = Array.from({ length: seeds }, (_, seed) => {
    const key = createKey(seed);
    const process = randomHmm(states, alphabet, foldIn(key, 0));
    const { tokens } = sampleSequences(process, { count: 1, length: most, key: foldIn(key, 1) });
    return { truth: wordProbabilities(process), tokens };
  });
  return sizes.map((n) => {
    const results = cases.map(({ truth, tokens }) => {
      const word = tokens.subarray(0, n);
      const given = differences(
        wordProbabilities(fitSpectral({ tokens: word, alphabet, rank: states }).process),
        truth,
      );
      const selected = fitSpectral({ tokens: word, alphabet });
      return {
        totalVariation: halfSum(given),
        largest: given.reduce((largest, value) => Math.max(largest, value), 0),
        frequencies: halfSum(differences(wordFrequencies(word, alphabet), truth)),
        selectedRank: selected.rank,
        selectedTotalVariation: halfSum(differences(wordProbabilities(selected.process), truth)),
      };
    });
    return {
      tokens: n,
      totalVariation: estimate(results.map((result) => result.totalVariation)),
      largest: estimate(results.map((result) => result.largest)),
      frequencies: estimate(results.map((result) => result.frequencies)),
      selectedRank: estimate(results.map((result) => result.selectedRank)).mean,
      selectedTotalVariation: estimate(results.map((result) => result.selectedTotalVariation)),
    };
  });
}

/** Slope of the logarithm of the error against the logarithm of the number of tokens, by least squares. */
function exponent(rows: readonly Row[], error: (row: Row) => Estimate): number {
  const x = rows.map((row) => Math.log(row.tokens));
  const y = rows.map((row) => Math.log(error(row).mean));
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const covariance = x.reduce((sum, value, i) => sum + (value - (meanX ?? 0)) * ((y[i] ?? 0) - (meanY ?? 0)), 0);
  return covariance / x.reduce((sum, value) => sum + (value - (meanX ?? 0)) ** 2, 0);
}

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`Give an integer from ${least}.`);
    return value;
  };
}

/**
 * `pnpm bench fit-spectral`: error of the words that a spectral fit predicts, against the number of tokens it has seen.
 *
 * Every seed draws a random HMM and one stationary word. Errors are over all words of length four, with the standard error over
 * seeds; beside them the error of the plain frequencies of these words in the same data.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench fit-spectral")
    .description("error of spectral learning against the number of tokens")
    .option("--seeds <n>", "random HMMs, each with a word of its own", integer(2), 8)
    .option("--states <n>", "hidden states, and rank of the fit", integer(1), 4)
    .option("--alphabet <n>", "tokens", integer(2), 3)
    .option("--most <n>", "tokens of the longest word", integer(10_000), 1_000_000)
    .option("--json <file>", "also write the errors to a file")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const options = command.parse([...argv], { from: "user" }).opts<Options>();
  const { seeds, states, alphabet } = options;
  const rows = measure(options);
  const exponents = {
    totalVariation: exponent(rows, (row) => row.totalVariation),
    largest: exponent(rows, (row) => row.largest),
    frequencies: exponent(rows, (row) => row.frequencies),
    selectedTotalVariation: exponent(rows, (row) => row.selectedTotalVariation),
  };
  const show = ({ mean, standardError }: Estimate): string =>
    `${mean.toExponential(2)} +- ${standardError.toExponential(1)}`;
  const table = new Table({
    head: [
      "tokens",
      `total variation, rank ${states}`,
      "largest error",
      "frequencies",
      "rank selected",
      "its total variation",
    ],
    style: { head: [], border: [] },
    colAligns: ["right", "right", "right", "right", "right", "right"],
  });
  for (const row of rows) {
    table.push([
      String(row.tokens),
      show(row.totalVariation),
      show(row.largest),
      show(row.frequencies),
      row.selectedRank.toFixed(1),
      show(row.selectedTotalVariation),
    ]);
  }
  table.push([
    "exponent",
    exponents.totalVariation.toFixed(3),
    exponents.largest.toFixed(3),
    exponents.frequencies.toFixed(3),
    "",
    exponents.selectedTotalVariation.toFixed(3),
  ]);
  console.log(`Spectral learning of ${seeds} random HMMs with ${states} states and ${alphabet} tokens`);
  console.log(`Errors over all words of length ${WORD_LENGTH}: mean over seeds +- standard error`);
  console.log(table.toString());
  if (options.json !== undefined) {
    const report = { bench: "fit-spectral", seeds, states, alphabet, wordLength: WORD_LENGTH, rows, exponents };
    writeFileSync(`${options.json}.tmp`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${options.json}.tmp`, options.json);
  }
}
