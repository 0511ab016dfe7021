import { createKey, mess3, type Process, sampleSequences, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import Table from "cli-table3";
import { Command } from "commander";
import { integer } from "./integer.ts";
import { type NumpySampler, startNumpySampler } from "./numpy-sampler.ts";
import { machine, writeReport } from "./report.ts";

/** Times of one contender on one process. */
interface Measurement {
  readonly process: string;
  readonly contender: string;
  /** Tokens per second, in millions, of the fastest repetition and of the median one. */
  readonly best: number;
  readonly median: number;
}

interface Options {
  readonly count: number;
  readonly length: number;
  readonly repetitions: number;
  readonly json?: string;
}

interface Contender {
  readonly name: string;
  readonly draw: (seed: number) => Promise<{ readonly seconds: number; readonly frequencies: readonly number[] }>;
}

const OURS = "semifactor";

function cases(): readonly { readonly name: string; readonly process: Process }[] {
  const z1r = zeroOneRandom({ p: 0.5 });
  return [
    { name: "Mess3", process: mess3({ x: 0.15, a: 0.6 }) },
    { name: "Z1R x Z1R", process: tensorProduct(z1r, z1r) },
  ];
}

function ours(process: Process, count: number, length: number): Contender {
  return {
    name: OURS,
    draw: async (seed) => {
      const start = performance.now();
      const { tokens } = sampleSequences(process, { count, length, key: createKey(seed) });
      const seconds = (performance.now() - start) / 1000;
      const frequencies = process.alphabet.map(() => 0);
      for (const token of tokens) frequencies[token] = (frequencies[token] ?? 0) + 1 / tokens.length;
      return { seconds, frequencies };
    },
  };
}

function numpy(sampler: NumpySampler, name: string, process: Process, options: Options): readonly Contender[] {
  const { count, length } = options;
  const tokens = process.alphabet.length;
  return (["searchsorted", "compare"] as const).map((method) => ({
    name: `NumPy ${method}`,
    draw: (seed) => sampler.sample({ name, count, length, seed, method, tokens }),
  }));
}

/** Both sides draw from the same law: their token frequencies agree within five standard errors of a correlated sequence. */
function checkFrequencies(name: string, count: number, first: readonly number[], other: readonly number[]): void {
  first.forEach((frequency, token) => {
    const difference = Math.abs(frequency - (other[token] ?? 0));
    if (difference > 5 * Math.sqrt(0.5 / count)) {
      throw new Error(`${name}: token ${token} has frequency ${frequency} here and ${other[token]} in NumPy`);
    }
  });
}

/** Runs the contenders in turn, `repetitions` times, after three rounds that are not counted. */
async function measure(name: string, contenders: readonly Contender[], options: Options): Promise<Measurement[]> {
  const { count, length, repetitions } = options;
  const seconds = contenders.map((): number[] => []);
  for (let round = -3; round < repetitions; round++) {
    let reference: readonly number[] | undefined;
    for (const [i, contender] of contenders.entries()) {
      const drawn = await contender.draw(round + 3);
      if (round >= 0) seconds[i]?.push(drawn.seconds);
      reference ??= drawn.frequencies;
      checkFrequencies(name, count, reference, drawn.frequencies);
    }
  }
  const millions = (count * length) / 1e6;
  return contenders.map((contender, i) => {
    const sorted = (seconds[i] ?? []).sort((a, b) => a - b);
    return {
      process: name,
      contender: contender.name,
      best: millions / (sorted[0] ?? Number.NaN),
      median: millions / (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN),
    };
  });
}

/** How many times as many tokens per second as the fastest NumPy variant. */
function ratio(measurements: readonly Measurement[], process: string, by: "best" | "median"): number | undefined {
  const rows = measurements.filter((row) => row.process === process);
  const mine = rows.find((row) => row.contender === OURS);
  const others = rows.filter((row) => row.contender !== OURS).map((row) => row[by]);
  return mine === undefined || others.length === 0 ? undefined : mine[by] / Math.max(...others);
}

function render(measurements: readonly Measurement[]): string {
  const table = new Table({
    head: [
      "process",
      "contender",
      "best, M tokens/s",
      "median, M tokens/s",
      "ours / this, best",
      "ours / this, median",
    ],
    style: { head: [], border: [] },
    colAligns: ["left", "left", "right", "right", "right", "right"],
  });
  for (const row of measurements) {
    const mine = measurements.find((other) => other.process === row.process && other.contender === OURS) ?? row;
    const against = (by: "best" | "median"): string => (row === mine ? "" : (mine[by] / row[by]).toFixed(2));
    table.push([
      row.process,
      row.contender,
      row.best.toFixed(1),
      row.median.toFixed(1),
      against("best"),
      against("median"),
    ]);
  }
  return table.toString();
}

/** What the bench measured. */
export interface SamplingReport {
  readonly count: number;
  readonly length: number;
  readonly repetitions: number;
  readonly unit: "million tokens per second";
  readonly measurements: readonly Measurement[];
  /** Ours over the fastest NumPy variant. */
  readonly ratios: readonly {
    readonly process: string;
    readonly best: number | undefined;
    readonly median: number | undefined;
  }[];
  readonly numpy?: string;
  readonly python?: string;
  readonly numpyMissing?: string;
}

/** Measures all contenders in turns. */
export async function measureSampling(options: Options): Promise<SamplingReport> {
  const { count, length, repetitions } = options;
  const sampler = await startNumpySampler();
  const measurements: Measurement[] = [];
  for (const { name, process } of cases()) {
    const contenders = [ours(process, count, length)];
    if (!("missing" in sampler)) {
      await sampler.prepare(name, process);
      contenders.push(...numpy(sampler, name, process, options));
    }
    measurements.push(...(await measure(name, contenders, options)));
  }
  if (!("missing" in sampler)) sampler.close();
  const ratios = cases().map(({ name }) => ({
    process: name,
    best: ratio(measurements, name, "best"),
    median: ratio(measurements, name, "median"),
  }));
  const peer = "missing" in sampler ? { numpyMissing: sampler.missing } : sampler.versions;
  return { ...peer, count, length, repetitions, unit: "million tokens per second", measurements, ratios };
}

/** The table and the ratios, as text. */
export function describeSampling({ measurements, ratios, numpyMissing, ...report }: SamplingReport): string {
  const lines = [
    `HMM sampling, ${report.count} sequences of ${report.length} tokens, one thread, ${report.repetitions} repetitions in turns`,
    ...(report.numpy === undefined ? [] : [`NumPy ${report.numpy} on Python ${report.python}`]),
    render(measurements),
    ...(numpyMissing === undefined ? [] : [`NumPy was not measured: ${numpyMissing}`]),
  ];
  for (const { process: name, best, median } of ratios) {
    if (best === undefined || median === undefined) continue;
    lines.push(`${name}: ${best.toFixed(2)} times the fastest NumPy (best), ${median.toFixed(2)} times (median)`);
  }
  return lines.join("\n");
}

/**
 * `pnpm bench sampling`: tokens per second of HMM sampling, against NumPy in the same run.
 *
 * Both draw `count` sequences of `length` tokens from the stationary start, on one thread, in turns. Z1R x Z1R is one process of
 * nine states with four joint tokens. We write `[count, length]` and draw 32 random bits a token with threefry; NumPy is
 * vectorised over sequences, writes `[length, count]`, its faster layout, and draws 53 bits with PCG64.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command()
    .name("pnpm bench sampling")
    .description("tokens per second of HMM sampling, against NumPy in the same run")
    .option("--count <n>", "sequences per draw", integer, 16384)
    .option("--length <n>", "tokens per sequence", integer, 64)
    .option("--repetitions <n>", "timed draws of each contender", integer, 15)
    .option("--json <file>", "also write the measurements to a file")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const options = command.parse([...argv], { from: "user" }).opts<Options>();
  const report = await measureSampling(options);
  console.log(machine());
  console.log(describeSampling(report));
  if (options.json !== undefined) writeReport(options.json, { bench: "sampling", ...report });
}
