import { filterBeliefs, type Process } from "@semifactor/ghmm";
import { drawBatch, randomHmm, theMess3 } from "./cases.ts";
import { type Exponent, fitExponent, seconds, takeTurns } from "./timing.ts";

/** Seconds of one filtering call against one size, the others fixed, and the exponent of the power law through them. */
export interface Scaling extends Exponent {
  readonly axis: "d" | "length" | "count";
  readonly fixed: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface Point {
  readonly x: number;
  readonly process: Process;
  readonly count: number;
  readonly length: number;
}

async function measure(
  axis: Scaling["axis"],
  fixed: string,
  points: readonly Point[],
  repetitions: number,
): Promise<Scaling> {
  const contenders = points.map(({ x, process, count, length }) => {
    const batch = drawBatch(process, count, length);
    const out = filterBeliefs(process, batch);
    return { name: `${x}`, run: () => seconds(() => filterBeliefs(process, batch, { out })) };
  });
  const timings = await takeTurns(contenders, repetitions);
  const measured = points.map(({ x }, i) => ({ x, y: timings[i]?.best ?? Number.NaN }));
  return { axis, fixed, points: measured, ...fitExponent(measured) };
}

const powers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));

/** Cost of filtering against each size. */
export async function measureScaling(quick: boolean): Promise<readonly Scaling[]> {
  const repetitions = quick ? 2 : 7;
  const hmm = theMess3();
  const dimensions = powers(2, quick ? 5 : 7);
  const sizes = powers(quick ? 7 : 6, quick ? 10 : 13);
  return [
    await measure(
      "d",
      "dense HMM, 4 tokens, count 64, length 64",
      dimensions.map((x) => ({ x, process: randomHmm(x, 4), count: 64, length: 64 })),
      repetitions,
    ),
    await measure(
      "length",
      "Mess3, count 64",
      sizes.map((x) => ({ x, process: hmm, count: 64, length: x })),
      repetitions,
    ),
    await measure(
      "count",
      "Mess3, length 64",
      sizes.map((x) => ({ x, process: hmm, count: x, length: 64 })),
      repetitions,
    ),
  ];
}
