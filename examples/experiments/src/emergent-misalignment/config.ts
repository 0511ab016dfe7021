import { createHash } from "node:crypto";
import { CorruptFileError } from "@semifactor/ghmm";
import { stableJson } from "@semifactor/train/node";
import * as v from "valibot";

/** Version of the study's files on disk; a run folder of another version is refused, never read. */
export const studyVersion = 1;

/** The four cells: is the persona one latent for all contexts, and do all contexts share one emission code? */
export const cellNames = ["shared-direct", "shared-pairs", "independent-direct", "independent-pairs"] as const;

/** A cell of the 2x2 {shared, independent} x {direct, pairs}. */
export type CellName = (typeof cellNames)[number];

/** Ways of fine-tuning, from all parameters down to the 48 numbers of the prior. */
export const adapterNames = ["full", "lora", "prior", "bias"] as const;

/** What a fine-tuning run may change. */
export type AdapterName = (typeof adapterNames)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

const fineTuneSchema = v.strictObject({
  steps: count,
  learningRate: positive,
  batchSize: count,
  evaluateEvery: count,
});

/** Schema of everything that decides the numbers of one cell run. */
export const cellConfigSchema = v.strictObject({
  version: v.literal(studyVersion),
  smoke: v.boolean(),
  cell: v.picklist(cellNames),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  engine: v.string(),
  model: v.strictObject({ nLayers: count, dModel: count, nHeads: count, dMlp: count }),
  pretrain: v.strictObject({
    steps: count,
    batchSize: count,
    learningRate: positive,
    warmup: count,
    finalFraction: positive,
    weightDecay: v.number(),
    clip: positive,
    evaluateEvery: count,
    checkpointEvery: count,
  }),
  evaluation: v.strictObject({ curveSequences: count, finalSequences: count, probeSequences: count }),
  narrowSets: v.array(v.tuple([v.number(), v.number()])),
  fineTune: v.strictObject({ full: fineTuneSchema, lora: fineTuneSchema, prior: fineTuneSchema, bias: fineTuneSchema }),
  gates: v.strictObject({ excessLoss: positive, narrowShift: positive }),
});

/** Everything that decides the numbers of one cell run; its hash names the run folder. */
export type CellConfig = v.InferOutput<typeof cellConfigSchema>;

/** What {@link cellConfig} needs to know; everything else is the recipe of the study. */
export interface CellChoice {
  readonly cell: CellName;
  readonly seed: number;
  /** Engine variant, for example `wasm-relaxed-simd`: another variant rounds differently, so it is part of the run's name. */
  readonly engine: string;
  readonly smoke: boolean;
}

/** The recipe: 8000 pretraining steps of 128 sequences, then four adapters on three pairs of narrow contexts. */
export function cellConfig({ cell, seed, engine, smoke }: CellChoice): CellConfig {
  const steps = (full: number, short: number): number => (smoke ? short : full);
  return {
    version: studyVersion,
    smoke,
    cell,
    seed,
    engine,
    model: { nLayers: 2, dModel: 48, nHeads: 4, dMlp: 192 },
    pretrain: {
      steps: steps(8000, 60),
      batchSize: steps(128, 32),
      learningRate: 2e-3,
      warmup: steps(100, 10),
      finalFraction: 0.02,
      weightDecay: 0.01,
      clip: 1,
      evaluateEvery: steps(250, 20),
      checkpointEvery: steps(250, 20),
    },
    evaluation: {
      curveSequences: steps(512, 64),
      finalSequences: steps(4096, 128),
      probeSequences: steps(768, 64),
    },
    narrowSets: smoke
      ? [[0, 1]]
      : [
          [0, 1],
          [4, 7],
          [6, 11],
        ],
    fineTune: {
      full: { steps: steps(120, 6), learningRate: 2e-4, batchSize: 64, evaluateEvery: steps(5, 2) },
      lora: { steps: steps(120, 6), learningRate: 3e-3, batchSize: 64, evaluateEvery: steps(5, 2) },
      prior: { steps: steps(300, 6), learningRate: 4e-2, batchSize: 64, evaluateEvery: steps(10, 2) },
      bias: { steps: steps(120, 6), learningRate: 3e-2, batchSize: 64, evaluateEvery: steps(5, 2) },
    },
    gates: { excessLoss: 0.03, narrowShift: 0.9 },
  };
}

/** The run folder's name: cell, seed and the hash of the whole config. */
export function runName(config: CellConfig): string {
  const hash = createHash("sha256").update(stableJson(config)).digest("hex").slice(0, 12);
  return `${config.cell}-seed${config.seed}-${hash}`;
}

/**
 * Throws unless a file of a run folder carries the config that the folder's name stands for.
 *
 * @throws CorruptFileError naming the file and the first entry that differs.
 */
export function requireConfig(path: string, found: Readonly<Record<string, unknown>>, expected: CellConfig): void {
  const wanted: Readonly<Record<string, unknown>> = expected;
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    const [is, should] = [found[name], wanted[name]].map((value) => stableJson(value ?? null, 0).trim());
    if (is === should) continue;
    throw new CorruptFileError({
      source: "requireConfig",
      problem: `${path} has ${name} = ${is} where this run has ${should}`,
      remedy: "It was edited or is another run's: delete the folder it is in and run again",
    });
  }
}

/** Number of optimizer steps of a cell run, the unit of its progress bar. */
export function totalSteps(config: CellConfig): number {
  const perSet = adapterNames.reduce((sum, adapter) => sum + config.fineTune[adapter].steps, 0);
  return config.pretrain.steps + config.narrowSets.length * perSet;
}
