import { type LinearSpec, linearLayers } from "../../model/parameters.ts";
import type { Activation, Context } from "../_internal/context.ts";
import { rotaryTable } from "../_internal/rotary-table.ts";
import type { BufferReference } from "../types.ts";
import { type LinearLayer, linear, linearSpec } from "./linear.ts";
import { norm } from "./norm.ts";
import { residualBranch } from "./residual-branch.ts";

/** Queries or keys turned by the angles of their positions; as they are where positions are not rotary. */
function rotate(context: Context, block: number, letter: "q" | "k", input: Activation): Projection {
  const { config, batch, length, rows, emit } = context;
  if (config.positional !== "rotary") return { ...input, backward: () => {} };
  const { rotaryDim, dHead: dh } = config;
  const heads = letter === "q" ? config.nHeads : config.nKeyValueHeads;
  const table = context.constant("rotary.table", [length, rotaryDim], rotaryTable(config, length));
  const interleaved = config.rotaryInterleaved ? 1 : 0;
  const sizes = { table, batch, length, heads, dh, rotaryDim, interleaved };
  const hook = `blocks.${block}.attn.hook_rot_${letter}` as const;
  const data = context.activation(hook, [rows, heads * dh]);
  emit("rotary", { x: input.data, y: data, ...sizes, direction: 1 });
  return {
    ...context.hook(hook, { data, needsGradient: input.needsGradient }),
    backward(gradient) {
      context.backwardHook(hook, gradient);
      emit("rotary", { x: gradient, y: gradient, ...sizes, direction: -1 });
    },
  };
}

/** An activation whose gradient is turned into that of what it was made of, in place. */
interface Projection extends Activation {
  backward(gradient: BufferReference): void;
}

/** Queries, keys or values: the linear layer, and its output after hooks and rotation. */
function project(
  context: Context,
  block: number,
  letter: "q" | "k" | "v",
  input: Activation,
  layers: readonly LinearSpec[],
): Projection & { readonly layer: LinearLayer } {
  const hook = `blocks.${block}.attn.hook_${letter}` as const;
  const spec = linearSpec(layers, `blocks.${block}.attn.W_${letter.toUpperCase()}`);
  const output = context.activation(hook, [context.rows, spec.nOut]);
  const layer = linear(context, { ...spec, input, output, residual: 0 });
  const hooked = context.hook(hook, { data: output, needsGradient: layer.needsGradient });
  const rotated: Projection =
    letter === "v" ? { ...hooked, backward: () => {} } : rotate(context, block, letter, hooked);
  return {
    ...rotated,
    layer,
    backward(gradient) {
      rotated.backward(gradient);
      context.backwardHook(hook, gradient);
    },
  };
}

/** Residual stream after the attention of a block: x + W_O attention(norm(x)) + b_O. `dResidual` holds the gradient of the stream, in place. */
export function attentionLayer(
  context: Context,
  block: number,
  input: Activation,
  dResidual: BufferReference,
): Activation {
  const { batch, length, rows, emit, activation, config } = context;
  const { dModel, nHeads: heads, nKeyValueHeads: kvHeads, dHead: dh } = config;
  const prefix = `blocks.${block}` as const;
  const layers = linearLayers(config);
  const normalized = norm(context, `${prefix}.ln1`, input);
  const [q, k, v] = [
    project(context, block, "q", normalized, layers),
    project(context, block, "k", normalized, layers),
    project(context, block, "v", normalized, layers),
  ];

  const patternHook = `${prefix}.attn.hook_pattern` as const;
  const zHook = `${prefix}.attn.hook_z` as const;
  const width = heads * dh;
  const sizes = { batch, heads, kvHeads, length, dh };
  const scores = {
    ...sizes,
    window: config.attentionWindows[block] ?? 0,
    scale: config.attentionScale,
    softCap: config.attentionSoftCap,
  };
  const probs = activation(patternHook, [batch, heads, length, length]);
  const mixed = activation(zHook, [rows, width]);
  const inputs = { q: q.data, k: k.data, v: v.data, probs };
  emit("attention_forward", { ...inputs, out: mixed, ...scores });
  const scoresNeed = q.needsGradient || k.needsGradient;
  const pattern = context.hook(patternHook, { data: probs, needsGradient: scoresNeed });
  if (pattern.data !== probs) {
    // What the change makes, added to the fused result: rows that are not changed keep their bits.
    const [before, after] = [activation("pattern.before", [rows, width]), activation("pattern.after", [rows, width])];
    emit("attention_apply_forward", { probs, v: v.data, out: before, ...sizes });
    emit("attention_apply_forward", { probs: pattern.data, v: v.data, out: after, ...sizes });
    emit("scale", { x: before, n: rows * width, factor: -1 });
    emit("add", { src: before, dst: after, n: rows * width });
    emit("add", { src: after, dst: mixed, n: rows * width });
  }
  const z = context.hook(zHook, { data: mixed, needsGradient: pattern.needsGradient || v.needsGradient });

  const branch = residualBranch(context, {
    stream: input,
    layer: linearSpec(layers, `${prefix}.attn.W_O`),
    input: z,
    hook: `${prefix}.hook_attn_out`,
    postNorm: `${prefix}.ln1_post`,
    output: config.attentionOnly ? `${prefix}.hook_resid_post` : `${prefix}.hook_resid_mid`,
  });

  context.onBackward(() => {
    const dZ = activation("gradient.z", [rows, width]);
    branch.backward(dResidual, dZ);
    if (!z.needsGradient) return;
    context.backwardHook(zHook, dZ);
    if (!pattern.needsGradient && !v.needsGradient) return;
    const dQ = activation("gradient.q", [rows, width]);
    const [dK, dV] = [activation("gradient.k", [rows, kvHeads * dh]), activation("gradient.v", [rows, kvHeads * dh])];
    if (context.isActive(patternHook)) {
      const dProbs = activation("gradient.pattern", [batch, heads, length, length]);
      emit("attention_apply_backward", { dOut: dZ, probs: pattern.data, v: v.data, dProbs, dV, ...sizes });
      context.backwardHook(patternHook, dProbs);
      emit("attention_scores_backward", { dProbs, q: q.data, k: k.data, probs, dQ, dK, ...scores });
    } else {
      emit("attention_backward", { dOut: dZ, ...inputs, dQ, dK, dV, ...scores });
    }
    const dNormalized = activation("gradient.normalized", [rows, dModel]);
    let accumulate = false;
    for (const { projection, gradient } of [
      { projection: q, gradient: dQ },
      { projection: k, gradient: dK },
      { projection: v, gradient: dV },
    ]) {
      projection.backward(gradient);
      projection.layer.backward(gradient, dNormalized, accumulate);
      accumulate = true;
    }
    if (normalized.needsGradient) normalized.backward(dNormalized, dResidual);
  });
  return branch;
}
