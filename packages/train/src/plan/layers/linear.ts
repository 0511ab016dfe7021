import type { Address } from "../_internal/builder.ts";
import type { Context } from "../_internal/context.ts";
import type { BufferReference } from "../types.ts";

/** An activation and whether its gradient is needed: whether anything trained lies before it. */
export interface Activation {
  readonly data: BufferReference;
  readonly needsGradient: boolean;
}

/** Input of {@link linear}. */
export interface LinearOptions {
  /** Name of the weight that LoRA addresses. */
  readonly weight: string;
  readonly bias: string;
  readonly nIn: number;
  readonly nOut: number;
  readonly input: Activation;
  readonly output: BufferReference;
  /** Added to the output; 0 for none. */
  readonly residual: Address;
  /** The parameter that holds the transposed weight [nOut, nIn] (a tied unembedding). */
  readonly tiedTo?: string;
}

/** The backward half of a linear layer. */
export interface LinearLayer {
  /** Whether anything trained lies in or before the layer. */
  readonly needsGradient: boolean;
  /** Emits the parameter gradients from dY [rows, nOut] and, if anything before is trained, dX [rows, nIn] (+= when `accumulate`). */
  backward(dY: BufferReference, dX: BufferReference, accumulate: boolean): void;
  /** Emits the forward pass once more into another buffer, without the residual. */
  forwardInto(output: BufferReference): void;
}

/** output = residual + x W + bias + (alpha / rank) (x A) B, the last term where the layer has an adapter. */
export function linear(context: Context, options: LinearOptions): LinearLayer {
  const { weight, bias, nIn, nOut, input, tiedTo } = options;
  const { rows, emit } = context;
  const adapter = context.adapters.find(({ target }) => target === weight);
  const name = tiedTo ?? weight;
  const w = context.parameter(name);
  const x = input.data;
  const [a, b] = [`${weight}.lora_A`, `${weight}.lora_B`];
  const rank = adapter?.rank ?? 0;
  const lora = adapter && {
    rank,
    scale: adapter.alpha / rank,
    a: context.parameter(a),
    b: context.parameter(b),
    down: context.activation(`${weight}.lora`, [rows, rank]),
  };

  const forwardInto = (y: BufferReference, residual: Address): void => {
    const args = { x, w, bias: context.parameter(bias), residual, y, rows, nIn, nOut, scale: 1 };
    emit(tiedTo === undefined ? "linear_forward" : "linear_transposed_forward", args);
    if (lora === undefined) return;
    const { down, scale } = lora;
    emit("linear_forward", { x, w: lora.a, bias: 0, residual: 0, y: down, rows, nIn, nOut: rank, scale: 1 });
    emit("linear_forward", { x: down, w: lora.b, bias: 0, residual: y, y, rows, nIn: rank, nOut, scale });
  };
  forwardInto(options.output, options.residual);

  const loraGradients = [context.gradient(a), context.gradient(b)] as const;
  const [dWeight, dBias] = [context.gradient(name), context.gradient(bias)];
  return {
    needsGradient: input.needsGradient || [dWeight, dBias, ...loraGradients].some((gradient) => gradient !== 0),
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
      if (lora === undefined) return;
      const [dA, dB] = loraGradients;
      const { down, scale } = lora;
      if (dB !== 0) {
        emit("linear_backward_weight", { x: down, dY, dW: dB, dBias: 0, rows, nIn: rank, nOut, scale });
      }
      if (dA === 0 && !input.needsGradient) return;
      const dDown = context.activation(`gradient.lora.${rank}`, [rows, rank]);
      emit("linear_backward_input", { dY, w: lora.b, dX: dDown, rows, nIn: rank, nOut, scale, accumulate: 0 });
      if (dA !== 0) {
        emit("linear_backward_weight", { x, dY: dDown, dW: dA, dBias: 0, rows, nIn, nOut: rank, scale: 1 });
      }
      if (input.needsGradient) {
        emit("linear_backward_input", { dY: dDown, w: lora.a, dX, rows, nIn, nOut: rank, scale: 1, accumulate: 1 });
      }
    },
  };
}
