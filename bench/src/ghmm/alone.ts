import {
  createKey,
  filterBeliefs,
  filterFactorBeliefs,
  mixedStatePresentation,
  mixedStateTree,
  presentationQuantities,
  presentationSpectrum,
  rrxor,
  sampleSequences,
  withStorage,
} from "@semifactor/ghmm";
import { drawBatch, largeProduct, theMess3 } from "./cases.ts";
import { seconds, type Timing, takeTurns } from "./timing.ts";

/** Times that have no counterpart in NumPy, in seconds. */
export interface Task {
  readonly task: string;
  readonly best: number;
  readonly median: number;
  readonly [detail: string]: unknown;
}

const withoutName = ({ best, median }: Timing) => ({ best, median });

/** A Mess3 tree of 10^6 nodes; the first of all measurements, so that the largest resident set is its own. */
export async function measureTree(repetitions: number): Promise<Task> {
  const process3 = theMess3();
  // the smallest word probability that leaves just above 10^6 of the 2.4 million words of up to 13 tokens
  const options = { depth: 13, probabilityThreshold: 8e-7 };
  const before = process.resourceUsage().maxRSS;
  let nodes = 0;
  let held = 0;
  const run = () =>
    seconds(() => {
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      nodes = mixedStateTree(process3, options).nodeCount;
      const after = process.memoryUsage();
      held = Math.max(held, after.arrayBuffers + after.heapUsed - arrayBuffers - heapUsed);
    });
  const firstSeconds = run();
  const peakMegabytes = (process.resourceUsage().maxRSS - before) / 1024;
  const firstHeld = held / 2 ** 20;
  const [timing] = await takeTurns([{ name: "tree", run }], repetitions);
  const { best, median } = timing ?? { best: firstSeconds, median: firstSeconds };
  return { task: "Mess3 tree", best, median, nodes, firstSeconds, peakMegabytes, heldMegabytes: firstHeld };
}

/** The presentation of RRXOR and all its information quantities, from nothing. */
export async function measurePresentation(repetitions: number): Promise<Task> {
  let states = 0;
  let entropyRate = 0;
  const run = () =>
    seconds(() => {
      const presentation = mixedStatePresentation(rrxor());
      states = presentation.states.length;
      entropyRate = presentationQuantities(presentation).entropyRate;
      presentationSpectrum(presentation);
    });
  const first = run();
  const [timing] = await takeTurns([{ name: "presentation", run }], repetitions);
  if (timing === undefined) throw new Error("nothing was measured");
  return { task: "RRXOR presentation, quantities, spectrum", ...withoutName(timing), first, states, entropyRate };
}

/** The product of three Mess3 and two Bloch walks through its factors, and written out. */
export async function measureProduct(quick: boolean): Promise<readonly Task[]> {
  const product = largeProduct();
  const written = withStorage(product, "dense");
  const batch = drawBatch(product, quick ? 50 : 250, 32);
  const out = filterBeliefs(product, batch);
  const dense = { beliefs: out.beliefs.slice(), probabilities: out.probabilities.slice() };
  const timings = await takeTurns(
    [
      { name: "joint beliefs through the factors", run: () => seconds(() => filterBeliefs(product, batch, { out })) },
      { name: "beliefs of the factors", run: () => seconds(() => filterFactorBeliefs(product, batch)) },
      { name: "dense operators", run: () => seconds(() => filterBeliefs(written, batch, { out: dense })) },
      {
        name: "sampling through the factors",
        run: () =>
          seconds(() => sampleSequences(product, { count: batch.count, length: batch.length, key: createKey(2) })),
      },
    ],
    quick ? 1 : 5,
  );
  out.beliefs.forEach((value, i) => {
    if (!(Math.abs(value - (dense.beliefs[i] ?? Number.NaN)) < 1e-12)) {
      throw new Error(`entry ${i} is ${value} through the factors and ${dense.beliefs[i]} by dense operators`);
    }
  });
  const slow = timings[2];
  const size = { tokens: batch.tokens.length, states: product.stateDim };
  return timings.map((timing) => ({
    task: `d 243: ${timing.contender}`,
    ...withoutName(timing),
    ...size,
    timesFasterBest: (slow?.best ?? Number.NaN) / timing.best,
    timesFasterMedian: (slow?.median ?? Number.NaN) / timing.median,
  }));
}
