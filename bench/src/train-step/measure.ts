import type { Contender } from "./problem.ts";

/** What was measured of a contender. */
export interface Measurement {
  readonly contender: string;
  readonly threads: number;
  /** Milliseconds per step: fastest and median over all timed steps. */
  readonly min: number;
  readonly median: number;
  readonly losses: readonly number[];
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return ((sorted[middle] ?? Number.NaN) + (sorted[sorted.length - 1 - middle] ?? Number.NaN)) / 2;
}

/** Losses of the first `compared` steps of every contender (this also warms them up), then `repeats` runs of each in turn. */
export async function measure(
  contenders: readonly Contender[],
  { steps, repeats, compared }: { readonly steps: number; readonly repeats: number; readonly compared: number },
): Promise<readonly Measurement[]> {
  const losses: (readonly number[])[] = [];
  for (const contender of contenders) losses.push((await contender.run(compared)).losses);
  const times = contenders.map((): number[] => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [i, contender] of contenders.entries()) {
      times[i]?.push(...(await contender.run(steps)).milliseconds);
    }
  }
  return contenders.map(({ name, threads }, i) => ({
    contender: name,
    threads,
    min: Math.min(...(times[i] ?? [])),
    median: median(times[i] ?? []),
    losses: losses[i] ?? [],
  }));
}
