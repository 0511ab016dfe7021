import { InvalidArgumentError } from "@semifactor/ghmm";
import type { TransformerConfig } from "./config.ts";
import type { LoraAdapter } from "./lora-adapter.ts";
import { type LinearName, linearLayers } from "./parameters.ts";

/** The residual stream at a block: at its start, between attention and MLP, at its end. */
export type ResidualHookPoint = `blocks.${number}.hook_resid_${"pre" | "mid" | "post"}`;

/** What an adapter of rank r reads from its input: x A, r numbers per position (for rank 1 the "LoRA scalar"); a name other than `default` follows. */
export type LoraHookPoint = `${LinearName}.hook_lora` | `${LinearName}.hook_lora.${string}`;

/**
 * A named activation, in TransformerLens' spelling. `hook_normalized` is the output of a norm, gain and bias included; `hook_attn_out` and `hook_mlp_out` are what is
 * added to the residual stream.
 */
export type HookPoint =
  | "hook_embed"
  | "hook_pos_embed"
  | ResidualHookPoint
  | `blocks.${number}.hook_${"attn_out" | "mlp_out"}`
  | `blocks.${number}.${"ln1" | "ln1_post" | "ln2" | "ln2_post"}.hook_normalized`
  | `blocks.${number}.attn.hook_${"q" | "k" | "v" | "rot_q" | "rot_k" | "z" | "pattern"}`
  | `blocks.${number}.mlp.hook_${"pre" | "pre_linear" | "post"}`
  | "ln_final.hook_normalized"
  | LoraHookPoint;

/** The hook point of an adapter. */
export function loraHookPoint(target: LinearName, name: string): LoraHookPoint {
  return name === "default" ? `${target}.hook_lora` : `${target}.hook_lora.${name}`;
}

function blockHooks(config: TransformerConfig, i: number): readonly HookPoint[] {
  const norms = config.normalization !== "none";
  const post = config.postNormalization;
  const rotary = config.positional === "rotary";
  const block = `blocks.${i}` as const;
  const points: readonly (readonly [HookPoint, boolean])[] = [
    [`${block}.hook_resid_pre`, true],
    [`${block}.ln1.hook_normalized`, norms],
    [`${block}.attn.hook_q`, true],
    [`${block}.attn.hook_k`, true],
    [`${block}.attn.hook_v`, true],
    [`${block}.attn.hook_rot_q`, rotary],
    [`${block}.attn.hook_rot_k`, rotary],
    [`${block}.attn.hook_pattern`, true],
    [`${block}.attn.hook_z`, true],
    [`${block}.ln1_post.hook_normalized`, post],
    [`${block}.hook_attn_out`, true],
    [`${block}.hook_resid_mid`, !config.attentionOnly],
    [`${block}.ln2.hook_normalized`, norms && !config.attentionOnly],
    [`${block}.mlp.hook_pre`, !config.attentionOnly],
    [`${block}.mlp.hook_pre_linear`, config.gatedMlp && !config.attentionOnly],
    [`${block}.mlp.hook_post`, !config.attentionOnly],
    [`${block}.ln2_post.hook_normalized`, post && !config.attentionOnly],
    [`${block}.hook_mlp_out`, !config.attentionOnly],
    [`${block}.hook_resid_post`, true],
  ];
  return points.flatMap(([point, exists]) => (exists ? [point] : []));
}

/**
 * Every hook point of a model, in the order of the computation; those of its enabled adapters come last.
 *
 * @example
 * ```ts
 * import { createTransformer, hookPoints } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 8, nHeads: 2, nCtx: 4, vocabularySize: 3 });
 * expect(hookPoints(model.config)).toContain("blocks.0.hook_resid_mid");
 * ```
 */
export function hookPoints(
  config: TransformerConfig,
  adapters: readonly Pick<LoraAdapter, "target" | "name" | "enabled">[] = [],
): readonly HookPoint[] {
  const points: HookPoint[] = ["hook_embed"];
  if (config.positional === "learned") points.push("hook_pos_embed");
  for (let i = 0; i < config.nLayers; i++) points.push(...blockHooks(config, i));
  if (config.normalization !== "none") points.push("ln_final.hook_normalized");
  for (const { weight } of linearLayers(config)) {
    for (const { target, name, enabled } of adapters) {
      if (target === weight && enabled) points.push(loraHookPoint(weight, name));
    }
  }
  return points;
}

/** Whether the activation at a hook point is an attention pattern, by head, query and key. */
export function isPattern(hook: HookPoint): boolean {
  return hook.endsWith(".attn.hook_pattern");
}

/** How the activation at a hook point lies in memory: [batch, groups, length, width], one group except for attention patterns, whose groups are heads. */
export function hookLayout(
  config: TransformerConfig,
  adapters: readonly LoraAdapter[],
  hook: HookPoint,
  length: number,
): { readonly groups: number; readonly width: number } {
  const { dModel, nHeads, nKeyValueHeads, dHead, dMlp } = config;
  if (isPattern(hook)) return { groups: nHeads, width: length };
  if (/attn\.hook_(q|rot_q|z)$/.test(hook)) return { groups: 1, width: nHeads * dHead };
  if (/attn\.hook_(k|rot_k|v)$/.test(hook)) return { groups: 1, width: nKeyValueHeads * dHead };
  if (/mlp\.hook_(pre|pre_linear|post)$/.test(hook)) return { groups: 1, width: dMlp };
  const adapter = adapters.find(
    ({ target, name }) => hook === `${target}.hook_lora${name === "default" ? "" : `.${name}`}`,
  );
  return { groups: 1, width: adapter?.rank ?? dModel };
}

/** Shape of an activation for sequences of one length, without the leading batch axis. */
export function hookShape(
  config: TransformerConfig,
  adapters: readonly LoraAdapter[],
  hook: HookPoint,
  length: number,
): readonly number[] {
  const { groups, width } = hookLayout(config, adapters, hook, length);
  if (groups > 1 || isPattern(hook)) return [groups, length, width];
  const head = /attn\.hook_(q|k|v|z|rot_q|rot_k)$/.test(hook);
  return head ? [length, width / config.dHead, config.dHead] : [length, width];
}

/** Throws unless the model has this hook point. */
export function checkHookPoint(
  source: string,
  config: TransformerConfig,
  adapters: readonly LoraAdapter[],
  hook: string,
): asserts hook is HookPoint {
  const known: readonly string[] = hookPoints(config, adapters);
  if (known.includes(hook)) return;
  throw new InvalidArgumentError({
    source,
    problem: `the model has no hook point "${hook}"`,
    remedy: `Use one of: ${known.join(", ")}`,
  });
}
