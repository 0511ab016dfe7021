import { InvalidArgumentError } from "@semifactor/ghmm";
import type { TransformerConfig } from "./config.ts";

/** The residual stream at a block: at its start, between attention and MLP, at its end. */
export type ResidualHookPoint = `blocks.${number}.hook_resid_${"pre" | "mid" | "post"}`;

/**
 * A named activation, in TransformerLens' spelling. `ln_final.hook_normalized`, `ln1.hook_normalized` and `ln2.hook_normalized` are the layer norm's output, gain and
 * bias included.
 */
export type HookPoint =
  | "hook_embed"
  | "hook_pos_embed"
  | ResidualHookPoint
  | `blocks.${number}.hook_${"attn_out" | "mlp_out"}`
  | `blocks.${number}.${"ln1" | "ln2"}.hook_normalized`
  | `blocks.${number}.attn.hook_${"q" | "k" | "v" | "z" | "pattern"}`
  | `blocks.${number}.mlp.hook_${"pre" | "post"}`
  | "ln_final.hook_normalized";

const blockHooks = [
  "ln1.hook_normalized",
  "attn.hook_q",
  "attn.hook_k",
  "attn.hook_v",
  "attn.hook_pattern",
  "attn.hook_z",
  "hook_attn_out",
  "hook_resid_mid",
  "ln2.hook_normalized",
  "mlp.hook_pre",
  "mlp.hook_post",
  "hook_mlp_out",
  "hook_resid_post",
] as const;

/**
 * Every hook point of a model, in the order of the computation.
 *
 * @example
 * ```ts
 * import { createTransformer, hookPoints } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 8, nHeads: 2, nCtx: 4, vocabularySize: 3 });
 * expect(hookPoints(model.config)).toContain("blocks.0.hook_resid_mid");
 * ```
 */
export function hookPoints(config: Pick<TransformerConfig, "nLayers">): readonly HookPoint[] {
  const points: HookPoint[] = ["hook_embed", "hook_pos_embed"];
  for (let i = 0; i < config.nLayers; i++) {
    points.push(`blocks.${i}.hook_resid_pre`);
    for (const hook of blockHooks) points.push(`blocks.${i}.${hook}`);
  }
  points.push("ln_final.hook_normalized");
  return points;
}

/** Shape of an activation for sequences of one length, without the leading batch axis. */
export function hookShape(config: TransformerConfig, hook: HookPoint, length: number): readonly number[] {
  const { dModel, nHeads, dMlp } = config;
  if (hook.endsWith("hook_pattern")) return [nHeads, length, length];
  if (/attn\.hook_[qkvz]$/.test(hook)) return [length, nHeads, dModel / nHeads];
  if (/mlp\.hook_(pre|post)$/.test(hook)) return [length, dMlp];
  return [length, dModel];
}

/** Throws unless the model has this hook point. */
export function checkHookPoint(source: string, config: TransformerConfig, hook: string): asserts hook is HookPoint {
  const known: readonly string[] = hookPoints(config);
  if (known.includes(hook)) return;
  throw new InvalidArgumentError({
    source,
    problem: `the model has no hook point "${hook}"`,
    remedy: `Use one of: ${known.join(", ")}`,
  });
}

/** Whether a vector can be added at this hook point. */
export function isResidualHookPoint(hook: string): hook is ResidualHookPoint {
  return /^blocks\.\d+\.hook_resid_(pre|mid|post)$/.test(hook);
}
