import * as v from "valibot";
import { adapterNames, type CellConfig, cellConfigSchema, cellNames } from "./config.ts";

const number = v.number();
const series = v.array(number);

const shiftSchema = v.object({
  step: number,
  narrow: number,
  held: number,
  frac: number,
  frac50: number,
  fracE: number,
  klC: number,
  stray: number,
  /** Shift (q - q_pre) / (1 - e - q_pre) of each of the contexts, narrow ones included. */
  perContext: series,
});

/** Schema of one fine-tuning run: an adapter on a pair of narrow contexts. */
export const fineTuneResultSchema = v.object({
  adapter: v.picklist(adapterNames),
  narrowSet: v.tuple([number, number]),
  curve: v.array(shiftSchema),
  final: shiftSchema,
  /** First evaluation at which the narrow shift reached the gate, or null. */
  atGate: v.nullable(shiftSchema),
  passesNarrowGate: v.boolean(),
});

/** Schema of the pretraining record. */
export const pretrainResultSchema = v.object({
  steps: number,
  curve: v.array(v.object({ step: number, excess: number, standardError: number })),
  excessLoss: number,
  standardError: number,
  excessByPosition: series,
  passesGate: v.boolean(),
});

const probeRowSchema = v.object({
  hook: v.string(),
  target: v.picklist(["persona", "phase"]),
  r2: number,
  untrained: number,
  shuffledMean: number,
  shuffledMax: number,
});

const steeringSchema = v.object({
  hook: v.string(),
  directionNorm: number,
  alignment: number,
  capability: number,
  q: number,
  qBase: number,
  random: v.object({ count: number, alignment: number, capability: number, q: number, qMax: number }),
});

/** Schema of a finished cell run. */
export const cellResultSchema = v.object({
  config: cellConfigSchema,
  process: v.object({
    noise: number,
    optimalLoss: number,
    alignmentLoss: number,
    capabilityLoss: number,
    optimalLossByPosition: series,
  }),
  pretrain: pretrainResultSchema,
  fineTune: v.array(fineTuneResultSchema),
  probes: v.array(probeRowSchema),
  steering: steeringSchema,
});

/** Behavioural shift at one evaluation. */
export type Shift = v.InferOutput<typeof shiftSchema>;
/** One fine-tuning run. */
export type FineTuneResult = v.InferOutput<typeof fineTuneResultSchema>;
/** The pretraining record. */
export type PretrainResult = v.InferOutput<typeof pretrainResultSchema>;
/** One probe: held-out R^2 with its two null baselines. */
export type ProbeRow = v.InferOutput<typeof probeRowSchema>;
/** Steering by one unit of persona belief, with its norm-matched random baseline. */
export type SteeringResult = v.InferOutput<typeof steeringSchema>;
/** A finished cell run. */
export type CellResult = v.InferOutput<typeof cellResultSchema>;

/** The study's one assertion: prior-only adapter, pairs code, at least this many seeds of both personas. */
export const assertionSeeds = 4;

/** Mean FRAC of the prior-only adapter per seed, for shared and independent personas with the pairs code. */
export interface StudyAssertion {
  readonly asserted: boolean;
  readonly holds: boolean;
  readonly shared: readonly number[];
  readonly independent: readonly number[];
  readonly sharedMean: number;
  readonly independentMean: number;
}

/** Mean of a list; NaN for none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of a metric over a cell run's narrow sets, for one adapter at the last step. */
export function adapterMean(
  result: CellResult,
  adapter: FineTuneResult["adapter"],
  metric: keyof Omit<Shift, "perContext">,
): number {
  return mean(result.fineTune.filter((run) => run.adapter === adapter).map((run) => run.final[metric]));
}

/** True when every fine-tuning run of this adapter learned its narrow task (narrow shift at the gate or above). */
export function passesNarrowGate(result: CellResult, adapter: FineTuneResult["adapter"]): boolean {
  return result.fineTune.filter((run) => run.adapter === adapter).every((run) => run.passesNarrowGate);
}

/**
 * D* with the pairs code: mean FRAC > .8 when the persona is shared and < .2 when it is independent.
 *
 * Asserted from {@link assertionSeeds} seeds of both cells on, no seed dropped; below that only reported.
 */
export function assertStudy(results: readonly CellResult[]): StudyAssertion {
  const fracs = (cell: CellConfig["cell"]): number[] =>
    results.filter((r) => r.config.cell === cell).map((r) => adapterMean(r, "prior", "frac"));
  const shared = fracs("shared-pairs");
  const independent = fracs("independent-pairs");
  const smoke = results.some((r) => r.config.smoke);
  const asserted = !smoke && Math.min(shared.length, independent.length) >= assertionSeeds;
  const sharedMean = mean(shared);
  const independentMean = mean(independent);
  return {
    asserted,
    holds: sharedMean > 0.8 && independentMean < 0.2,
    shared,
    independent,
    sharedMean,
    independentMean,
  };
}

/** Cells in the order of the 2x2, seeds ascending. */
export function byCell(results: readonly CellResult[]): readonly CellResult[] {
  return cellNames.flatMap((cell) =>
    results.filter((r) => r.config.cell === cell).sort((a, b) => a.config.seed - b.config.seed),
  );
}
