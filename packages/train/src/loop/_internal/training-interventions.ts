import { UnsupportedError } from "@semifactor/ghmm";
import type { Engine } from "../../engines/engine.ts";
import type { PlannedIntervention } from "../../plan/_internal/intervention-modes.ts";
import type { Plan } from "../../plan/types.ts";
import { planInterventions } from "../../run/_internal/plan-interventions.ts";
import type { LoopOptions, ReplicaOptions } from "../train-options.ts";

/** Interventions that act in every step of a run. */
export interface TrainingInterventions {
  readonly planned: readonly PlannedIntervention[];
  /** Puts their numbers into the plan, once. */
  upload(engine: Engine, plan: Plan): void;
}

/**
 * Checks the interventions of a run; rows are those of a batch.
 *
 * @throws UnsupportedError with several replicas
 */
export function trainingInterventions(
  { interventions = [] }: LoopOptions,
  replicas: readonly ReplicaOptions[],
  name: string,
): TrainingInterventions {
  const [first] = replicas;
  if (interventions.length === 0 || first === undefined) return { planned: [], upload: () => {} };
  if (replicas.length > 1) {
    throw new UnsupportedError({
      source: name,
      problem: "interventions with several replicas",
      remedy: "Train the models one by one",
    });
  }
  const { model, source } = first;
  const { batchSize: batch, length } = source;
  const all = planInterventions(name, model, interventions, { count: batch, length });
  return {
    planned: all.planned,
    upload(engine, plan) {
      all.uploadValues(engine, plan);
      all.uploadChunk(engine, plan, { first: 0, rows: batch, batch });
    },
  };
}
