import { loraHookPoint } from "../../model/hook-points.ts";
import { type LoraAdapter, loraParameterNames, loraScaling } from "../../model/lora-adapter.ts";
import type { LinearSpec } from "../../model/parameters.ts";
import type { Address } from "../_internal/builder.ts";
import type { Activation, Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";

/** Input of {@link linear}. */
export interface LinearOptions extends LinearSpec {
  readonly input: Activation;
  readonly output: BufferReference;
  /** Added to the output; 0 for none. */
  readonly residual: Address;
  /** The parameter that holds the transposed weight [nOut, nIn] (a tied unembedding). */
  readonly tiedTo?: string;
}

/** The backward half of a linear layer. */
export interface LinearLayer {
  /** Whether the output's gradient is needed: whether anything trained, or a captured gradient, lies in or before the layer. */
  readonly needsGradient: boolean;
  /** Emits the parameter gradients from dY [rows, nOut] and, if it is needed, dX [rows, nIn] (+= when `accumulate`). */
  backward(dY: BufferReference, dX: BufferReference, accumulate: boolean): void;
  /** Emits the forward pass once more into another buffer, without the residual. */
  forwardInto(output: BufferReference): void;
}

/** The low-rank path of one adapter: s (x A) B. */
interface LoraPath {
  readonly needsGradient: boolean;
  /** y += s (x A) B. */
  addTo(y: BufferReference): void;
  backward(dY: BufferReference, dX: BufferReference): void;
}

function loraPath(context: Context, adapter: LoraAdapter, options: LinearOptions): LoraPath {
  const { weight, nIn, nOut, input } = options;
  const { rows, emit } = context;
  const { rank } = adapter;
  const names = loraParameterNames(adapter);
  const hook = loraHookPoint(weight, adapter.name);
  const [a, b] = [context.parameter(names.a), context.parameter(names.b)];
  const [dA, dB] = [context.gradient(names.a), context.gradient(names.b)];
  const x = input.data;
  const scale = loraScaling(adapter);
  const raw = context.activation(hook, [rows, rank]);
  emit("linear_forward", { x, w: a, bias: 0, residual: 0, y: raw, rows, nIn, nOut: rank, scale: 1 });
  const down = context.hook(hook, { data: raw, needsGradient: input.needsGradient || dA !== 0 });
  return {
    needsGradient: down.needsGradient || dB !== 0,
    addTo(y) {
      emit("linear_forward", { x: down.data, w: b, bias: 0, residual: y, y, rows, nIn: rank, nOut, scale });
    },
    backward(dY, dX) {
      if (dB !== 0) {
        emit("linear_backward_weight", { x: down.data, dY, dW: dB, dBias: 0, rows, nIn: rank, nOut, scale });
      }
      if (!down.needsGradient) return;
      const dDown = context.activation(`gradient.lora.${rank}`, [rows, rank]);
      emit("linear_backward_input", { dY, w: b, dX: dDown, rows, nIn: rank, nOut, scale, accumulate: 0 });
      context.backwardHook(hook, dDown);
      if (dA !== 0) {
        emit("linear_backward_weight", { x, dY: dDown, dW: dA, dBias: 0, rows, nIn, nOut: rank, scale: 1 });
      }
      if (input.needsGradient) {
        emit("linear_backward_input", { dY: dDown, w: a, dX, rows, nIn, nOut: rank, scale: 1, accumulate: 1 });
      }
    },
  };
}

/** output = residual + x W + bias + s (x A) B, the last term for every enabled adapter of the layer. */
export function linear(context: Context, options: LinearOptions): LinearLayer {
  const { weight, bias, nIn, nOut, input, tiedTo } = options;
  const { rows, emit } = context;
  const name = tiedTo ?? weight;
  const w = context.parameter(name);
  const x = input.data;
  const paths = context.adapters
    .filter(({ target, enabled }) => target === weight && enabled)
    .map((adapter) => loraPath(context, adapter, options));

  const forwardInto = (y: BufferReference, residual: Address): void => {
    const args = { x, w, bias: context.optionalParameter(bias), residual, y, rows, nIn, nOut, scale: 1 };
    emit(tiedTo === undefined ? "linear_forward" : "linear_transposed_forward", args);
    for (const path of paths) path.addTo(y);
  };
  forwardInto(options.output, options.residual);

  const [dWeight, dBias] = [context.gradient(name), context.gradient(bias)];
  return {
    needsGradient:
      input.needsGradient || dWeight !== 0 || dBias !== 0 || paths.some(({ needsGradient }) => needsGradient),
    forwardInto: (output) => forwardInto(output, 0),
    backward(dY, dX, accumulate) {
      const transposed = tiedTo !== undefined;
      if (dWeight !== 0 || dBias !== 0) {
        const args = { x, dY, dW: dWeight, dBias, rows, nIn, nOut, scale: 1 };
        emit(transposed ? "linear_transposed_backward_weight" : "linear_backward_weight", args);
      }
      if (input.needsGradient) {
        const args = { dY, w, dX, rows, nIn, nOut, scale: 1, accumulate: accumulate ? 1 : 0 };
        emit(transposed ? "linear_transposed_backward_input" : "linear_backward_input", args);
      }
      for (const path of paths) path.backward(dY, dX);
    },
  };
}

/** The sizes and names of a linear layer of the model. */
export function linearSpec(specs: readonly LinearSpec[], weight: string): LinearSpec {
  const spec = specs.find((candidate) => candidate.weight === weight);
  if (spec === undefined) throw new Error(`the configuration has no linear layer ${weight}`);
  return spec;
}
