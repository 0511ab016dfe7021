import { randomDirection, steeringDirection, steeringEffect } from "@semifactor/diagnostics";
import { foldIn, type Key } from "@semifactor/ghmm";
import type { PersonaSegments } from "@semifactor/sfp";
import type { Engine, ResidualHookPoint, Transformer } from "@semifactor/train";
import type { ProbeData } from "./probes.ts";
import { neutralPrompts, type PromptSet } from "./prompts.ts";
import { mean, type SteeringResult } from "./results.ts";
import { misalignedTokens, promptLaws } from "./shift.ts";

/** Where the steering vector is added: after block 0, before the attention that mixes contexts. */
export const steeredHook: ResidualHookPoint = "blocks.0.hook_resid_post";

/** Number of random directions of the same norm. */
export const randomDirections = 10;

/**
 * Adds one unit of persona belief after block 0 on the neutral prompts, and measures what moves: the alignment law, the capability law, and
 * q = P(misaligned symbol); beside random directions of the same norm.
 */
export async function steer(
  engine: Engine,
  model: Transformer,
  process: PersonaSegments,
  data: ProbeData,
  key: Key,
): Promise<SteeringResult> {
  const dimension = model.config.dModel;
  const { directions } = steeringDirection({
    activations: data.activations.get(steeredHook) ?? new Float32Array(0),
    beliefs: data.targets.persona,
    dimension,
  });
  const prompts = neutralPrompts(
    process,
    Array.from({ length: process.contexts }, (_, c) => c),
  );
  const base = await promptLaws(engine, model, prompts);
  const effect = await effectOf(engine, model, process, prompts, base, directions);
  const random = [];
  for (let n = 0; n < randomDirections; n++) {
    const vector = randomDirection({ like: directions, key: foldIn(key, n) });
    random.push(await effectOf(engine, model, process, prompts, base, vector));
  }
  return {
    hook: steeredHook,
    directionNorm: Math.hypot(...directions),
    alignment: effect.alignment,
    capability: effect.capability,
    q: effect.q,
    qBase: effect.qBase,
    random: {
      count: randomDirections,
      alignment: mean(random.map((r) => r.alignment)),
      capability: mean(random.map((r) => r.capability)),
      q: mean(random.map((r) => r.q)),
      qMax: Math.max(...random.map((r) => r.q)),
    },
  };
}

async function effectOf(
  engine: Engine,
  model: Transformer,
  process: PersonaSegments,
  prompts: PromptSet,
  base: Float64Array,
  vector: Float64Array,
): Promise<{ alignment: number; capability: number; q: number; qBase: number }> {
  const steered = await promptLaws(engine, model, prompts, [{ hook: steeredHook, vector: Float32Array.from(vector) }]);
  const { mean: effect } = steeringEffect({
    outcomes: process.outputSize,
    base,
    steered,
    alignmentOf: Array.from({ length: process.outputSize }, (_, token) => token >> 1),
    capabilityOf: Array.from({ length: process.outputSize }, (_, token) => token & 1),
    misalignedOutcomes: prompts.contexts.map((context) => misalignedTokens(process, context)),
  });
  return { alignment: effect.alignment, capability: effect.capability, q: effect.qSteered, qBase: effect.qBase };
}
