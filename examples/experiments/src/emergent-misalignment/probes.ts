import { fitProbe } from "@semifactor/diagnostics";
import { foldIn, type Key } from "@semifactor/ghmm";
import { type Engine, type ResidualHookPoint, run, type Transformer } from "@semifactor/train";
import type { EvaluationSet } from "./excess-loss.ts";
import type { ProbeRow } from "./results.ts";

/** Places of the residual stream that are probed: embedding, after block 0, between attention and MLP of block 1, after block 1. */
export const probedHooks: readonly ResidualHookPoint[] = [
  "blocks.0.hook_resid_pre",
  "blocks.0.hook_resid_post",
  "blocks.1.hook_resid_mid",
  "blocks.1.hook_resid_post",
];

/** What a probe reads off: P(current context misaligned | h) `[N]`, or the belief about the phase `[N, 3]`. */
export type ProbeTarget = ProbeRow["target"];

/** Activations and exact beliefs at the positions whose next token is an emission. */
export interface ProbeData {
  /** Sequence of each row, `[N]`. */
  readonly groups: Int32Array;
  readonly targets: Readonly<Record<ProbeTarget, Float64Array>>;
  /** `[N, dModel]` per hook point. */
  readonly activations: ReadonlyMap<ResidualHookPoint, Float32Array>;
}

/** Runs the model on the evaluation sequences and keeps the rows that predict an emission. */
export async function probeData(engine: Engine, model: Transformer, set: EvaluationSet): Promise<ProbeData> {
  const { captured } = await run(model, { engine, tokens: set.inputs, length: set.inputLength, capture: probedHooks });
  const width = model.config.dModel;
  const places = [...set.beliefs.emissionNext.keys()].filter((t) => set.beliefs.emissionNext[t] === 1);
  const rows = Array.from({ length: set.count }, (_, n) => places.map((t) => ({ n, t }))).flat();
  const length = set.inputLength + 1;
  const activations = new Map<ResidualHookPoint, Float32Array>();
  for (const hook of probedHooks) {
    const all = captured[hook]?.values ?? new Float32Array(0);
    const kept = new Float32Array(rows.length * width);
    rows.forEach(({ n, t }, i) => {
      for (let d = 0; d < width; d++) kept[i * width + d] = all[(n * set.inputLength + t) * width + d] ?? 0;
    });
    activations.set(hook, kept);
  }
  return {
    groups: Int32Array.from(rows, ({ n }) => n),
    targets: {
      persona: Float64Array.from(rows, ({ n, t }) => set.beliefs.misaligned[n * length + t] ?? 0),
      phase: Float64Array.from(
        rows.flatMap(({ n, t }) => [...set.beliefs.phase.subarray((n * length + t) * 3, (n * length + t + 1) * 3)]),
      ),
    },
    activations,
  };
}

/** Held-out R^2 of every probed layer for persona and phase, beside the untrained network and shuffled targets. */
export function probeTable(trained: ProbeData, untrained: ProbeData, dimension: number, key: Key): readonly ProbeRow[] {
  return probedHooks.flatMap((hook, layer) =>
    (["persona", "phase"] as const).map((target, index) => {
      const probe = fitProbe({
        activations: trained.activations.get(hook) ?? new Float32Array(0),
        untrained: untrained.activations.get(hook) ?? new Float32Array(0),
        targets: trained.targets[target],
        dimension,
        groups: trained.groups,
        key: foldIn(key, 2 * layer + index),
      });
      return {
        hook,
        target,
        r2: probe.r2,
        untrained: probe.nullUntrained ?? Number.NaN,
        shuffledMean: probe.nullShuffled.mean,
        shuffledMax: probe.nullShuffled.max,
      };
    }),
  );
}
