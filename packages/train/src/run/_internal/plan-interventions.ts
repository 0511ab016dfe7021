import type { Engine } from "../../engines/engine.ts";
import { checkHookPoint, hookLayout } from "../../model/hook-points.ts";
import { type Intervention, isIdentity, resolveIntervention } from "../../model/interventions.ts";
import type { Transformer } from "../../model/transformer.ts";
import type { PlannedIntervention } from "../../plan/_internal/intervention-modes.ts";
import type { Plan } from "../../plan/types.ts";

/** Interventions of a run: what the plan is compiled with and what is uploaded. */
export interface PlannedInterventions {
  readonly planned: readonly PlannedIntervention[];
  /** Uploads what is the same for all sequences. */
  uploadValues(engine: Engine, plan: Plan): void;
  /** Uploads what belongs to the sequences from `first` on; rows beyond `rows` are left as they are. */
  uploadChunk(
    engine: Engine,
    plan: Plan,
    part: { readonly first: number; readonly rows: number; readonly batch: number },
  ): void;
}

/** `rows` rows of `width` from row `first`, padded with zeros to `batch` rows. */
function part(values: Float64Array, first: number, rows: number, batch: number, width: number): Float64Array {
  const padded = new Float64Array(batch * width);
  padded.set(values.subarray(first * width, (first + rows) * width));
  return padded;
}

/**
 * Checks interventions and prepares them for a plan; those that change nothing are left out of it, so that they cannot change a bit.
 *
 * @throws InvalidArgumentError, ShapeError if an intervention does not fit the model or the sequences
 */
export function planInterventions(
  source: string,
  { config, adapters }: Transformer,
  interventions: readonly Intervention[],
  { count, length }: { readonly count: number; readonly length: number },
): PlannedInterventions {
  const resolved = interventions.map((intervention) => {
    const { hook } = intervention;
    checkHookPoint(source, config, adapters, hook);
    const { groups, width } = hookLayout(config, adapters, hook, length);
    const headWidth = /attn\.hook_(q|k|v|z|rot_q|rot_k)$/.test(hook) ? config.dHead : undefined;
    const sizes = { count, length, groups, width, headWidth };
    return {
      ...resolveIntervention(source, intervention, sizes),
      size: groups * length * width,
      identity: isIdentity(intervention),
    };
  });
  const acting = resolved.filter(({ identity }) => !identity);
  return {
    planned: acting.map(({ hook, kind }) => ({ hook, kind })),
    uploadValues(engine, plan) {
      for (const [index, { kind, values }] of acting.entries()) {
        if (kind !== "patch") engine.upload(plan, `intervention.${index}.values`, values);
      }
    },
    uploadChunk(engine, plan, { first, rows, batch }) {
      for (const [index, { kind, values, strength, size }] of acting.entries()) {
        engine.upload(plan, `intervention.${index}.strength`, part(strength, first, rows, batch, length));
        if (kind === "patch") {
          engine.upload(plan, `intervention.${index}.values`, part(values, first, rows, batch, size));
        }
      }
    },
  };
}
