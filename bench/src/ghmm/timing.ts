/** Something to time; `run` returns seconds. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<number> | number;
}

/** Seconds of one contender. */
export interface Timing {
  readonly contender: string;
  readonly best: number;
  readonly median: number;
}

/** Seconds that a call takes. */
export function seconds(call: () => void): number {
  const start = performance.now();
  call();
  return (performance.now() - start) / 1000;
}

/** Runs the contenders in turns, `repetitions` times, after two rounds that are not counted. */
export async function takeTurns(contenders: readonly Contender[], repetitions: number): Promise<readonly Timing[]> {
  const all = contenders.map((): number[] => []);
  for (let round = -2; round < repetitions; round++) {
    for (const [i, { run }] of contenders.entries()) {
      const taken = await run();
      if (round >= 0) all[i]?.push(taken);
    }
  }
  return contenders.map(({ name }, i) => {
    const sorted = (all[i] ?? []).sort((a, b) => a - b);
    const at = (k: number): number => sorted[k] ?? Number.NaN;
    return { contender: name, best: at(0), median: at(Math.floor(sorted.length / 2)) };
  });
}

/** An exponent of a power law with its standard error. */
export interface Exponent {
  readonly exponent: number;
  readonly standardError: number;
}

/** Least squares of `log y` on `log x`. */
export function fitExponent(points: readonly { readonly x: number; readonly y: number }[]): Exponent {
  const n = points.length;
  const xs = points.map(({ x }) => Math.log(x));
  const ys = points.map(({ y }) => Math.log(y));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [mx, my] = [mean(xs), mean(ys)];
  const sxx = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
  const exponent = xs.reduce((sum, x, i) => sum + (x - mx) * ((ys[i] ?? 0) - my), 0) / sxx;
  const squares = xs.reduce((sum, x, i) => sum + ((ys[i] ?? 0) - my - exponent * (x - mx)) ** 2, 0);
  return { exponent, standardError: Math.sqrt(squares / (n - 2) / sxx) };
}
