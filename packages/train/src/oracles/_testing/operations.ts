import type { TransformerConfig } from "../../model/config.ts";

/** Tensor operations that every library of automatic differentiation has; arguments stay usable. Elementwise ones broadcast. */
export interface Operations<T> {
  constant(values: ArrayLike<number>, shape: readonly number[]): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  /** a * factor + shift */
  affine(a: T, factor: number, shift?: number): T;
  sqrt(a: T): T;
  tanh(a: T): T;
  activation(name: TransformerConfig["activation"], a: T): T;
  matMul(a: T, b: T): T;
  reshape(a: T, shape: readonly number[]): T;
  transpose(a: T, axes: readonly number[]): T;
  /** Mean over the last axis, which stays with size 1. */
  mean(a: T): T;
  /** Over the last axis. */
  softmax(a: T): T;
  /** Over the last axis. */
  logSoftmax(a: T): T;
  /** Over everything, a scalar. */
  sum(a: T): T;
}

/** Sequences with weighted targets: what is differentiated is sum_r weights[r] rowLoss[r]. */
export interface WeightedBatch {
  readonly batch: number;
  readonly length: number;
  /** `[batch length]` */
  readonly tokens: Int32Array;
  /** `[batch length]`, -1 where the loss does not count. */
  readonly targets: Int32Array;
  /** `[batch length]` */
  readonly weights: Float64Array;
}

/** A loss with its gradient by parameter, in TransformerLens' shapes. */
export interface LossGradient {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
}
