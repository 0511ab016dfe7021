import {
  changeBasis,
  createHmm,
  createKey,
  filterBeliefs,
  type Process,
  sampleSequences,
  uniform,
  withStorage,
} from "@semifactor/ghmm";
import {
  blockWeights,
  families,
  filterBlocks,
  filterContextPersonas,
  type SemiFactoredProcess,
  sampleContextPersonas,
  semiFactored,
  tensorStructure,
} from "@semifactor/sfp";
import { type Contender, seconds, type Timing, takeTurns } from "../ghmm/timing.ts";

/** Microseconds a token. */
export interface FilterTime {
  readonly contender: string;
  readonly best: number;
  readonly median: number;
  /** Its time over that of filterBlocks. */
  readonly ratioBest: number;
  readonly ratioMedian: number;
}

export interface BlockFilterReport {
  readonly sectors: number;
  readonly sectorDim: number;
  readonly tokens: number;
  readonly count: number;
  readonly length: number;
  readonly rows: readonly FilterTime[];
}

export interface ContextReport {
  readonly contexts: number;
  readonly tokens: number;
  /** Tokens a second. */
  readonly best: number;
  readonly median: number;
}

const SECTORS = 16;
const SECTOR_DIM = 16;
const TOKENS = 4;
/** filterBeliefs writes no code for fewer tokens than 1024, and multiplies every entry. */
const SMALL = 15;

/** 16 sectors of dimension 16, every row over (token, next state of its sector) drawn from the flat Dirichlet distribution. */
function sixteenSectors(): SemiFactoredProcess {
  const d = SECTORS * SECTOR_DIM;
  const width = SECTOR_DIM * TOKENS;
  const draws = Array.from(uniform(createKey(16), d * width), (u) => -Math.log(1 - u) + 1e-6);
  const operators = Array.from({ length: TOKENS }, () => Array.from({ length: d }, () => new Float64Array(d)));
  for (let s = 0; s < d; s++) {
    const row = draws.slice(s * width, (s + 1) * width);
    const total = row.reduce((sum, value) => sum + value, 0);
    const first = s - (s % SECTOR_DIM);
    row.forEach((value, i) => {
      operators[Math.floor(i / SECTOR_DIM)]?.[s]?.fill(
        value / total,
        first + (i % SECTOR_DIM),
        first + (i % SECTOR_DIM) + 1,
      );
    });
  }
  return semiFactored({
    process: createHmm({ operators, initial: new Array<number>(d).fill(1 / d) }),
    structure: tensorStructure({
      factors: [
        { name: "persona", dimension: SECTORS },
        { name: "capability", dimension: SECTOR_DIM },
      ],
    }),
    blocks: "sectors",
  });
}

/** The same process after a reflection of its states: no entry of an operator is zero, so nothing can be left out. */
function scrambled(process: Process): Process {
  const d = process.stateDim;
  const v = Array.from(uniform(createKey(3), d), (u) => u + 0.1);
  const norm = v.reduce((sum, value) => sum + value * value, 0);
  return changeBasis(
    process,
    v.map((left, i) => v.map((right, j) => (i === j ? 1 : 0) - (2 * left * right) / norm)),
  );
}

function compare(what: string, ours: Float64Array, theirs: ArrayLike<number>, tolerance: number): void {
  ours.forEach((value, i) => {
    if (Math.abs(value - (theirs[i] ?? Number.NaN)) <= tolerance) return;
    throw new Error(`${what}: entry ${i} is ${value} by blocks and ${theirs[i]} otherwise`);
  });
}

/** Filtering by blocks beside filters of the same process that do not know them, in turns. */
export async function measureBlockFilter(quick: boolean, repetitions: number): Promise<BlockFilterReport> {
  const process = sixteenSectors();
  const dense = withStorage(process, "dense");
  const turned = scrambled(process);
  const [count, length] = [quick ? 32 : 64, 64];
  const batch = sampleSequences(process, { count, length, key: createKey(2) });
  const small = { tokens: batch.tokens.subarray(0, SMALL * length), count: SMALL, length };
  const out = filterBlocks(process, batch);
  const beliefs = filterBeliefs(dense, batch);
  const ofTurned = filterBeliefs(turned, batch);
  const bySteps = filterBeliefs(dense, small);
  compare("probabilities", out.probabilities, beliefs.probabilities, 1e-12);
  compare("probabilities in another basis", out.probabilities, ofTurned.probabilities, 1e-9);
  for (let row = 0; row < count * (length + 1); row++) {
    const belief = beliefs.beliefs.subarray(row * process.stateDim, (row + 1) * process.stateDim);
    compare("weights", out.weights.subarray(row * SECTORS, (row + 1) * SECTORS), blockWeights(process, belief), 1e-12);
  }
  const inside = filterBlocks(process, batch, { withBeliefs: true, withLogWeights: true });
  const per =
    (tokens: number, call: () => void): Contender["run"] =>
    () =>
      (seconds(call) * 1e6) / tokens;
  const all = batch.tokens.length;
  const timings: readonly Timing[] = await takeTurns(
    [
      { name: "filterBlocks", run: per(all, () => filterBlocks(process, batch, { out })) },
      {
        name: "filterBlocks, with beliefs and logarithms",
        run: per(all, () => filterBlocks(process, batch, { withBeliefs: true, withLogWeights: true, out: inside })),
      },
      {
        name: "filterBeliefs, dense operators without zeros (another basis)",
        run: per(all, () => filterBeliefs(turned, batch, { out: ofTurned })),
      },
      {
        name: "filterBeliefs, dense storage, every entry (fewer than 1024 tokens a call)",
        run: per(small.tokens.length, () => filterBeliefs(dense, small, { out: bySteps })),
      },
      {
        name: "filterBeliefs, dense storage, entries that are zero left out",
        run: per(all, () => filterBeliefs(dense, batch, { out: beliefs })),
      },
    ],
    repetitions,
  );
  const [first] = timings;
  return {
    sectors: SECTORS,
    sectorDim: SECTOR_DIM,
    tokens: TOKENS,
    count,
    length,
    rows: timings.map(({ contender, best, median }) => ({
      contender,
      best,
      median,
      ratioBest: best / (first?.best ?? Number.NaN),
      ratioMedian: median / (first?.median ?? Number.NaN),
    })),
  };
}

/** Exact filtering of personas over 24 contexts, of 2^24 assignments. */
export async function measureContexts(quick: boolean, repetitions: number): Promise<ContextReport> {
  const contexts = 24;
  const process = families.contextPersonas({ contexts, alpha: 0.25 });
  const batch = sampleContextPersonas(process, { count: quick ? 16 : 256, length: 256, key: createKey(24) });
  const tokens = batch.tokens.length;
  const [timing] = await takeTurns(
    [{ name: "filterContextPersonas", run: () => seconds(() => filterContextPersonas(process, batch)) }],
    repetitions,
  );
  if (timing === undefined) throw new Error("nothing was measured");
  return { contexts, tokens, best: tokens / timing.best, median: tokens / timing.median };
}
