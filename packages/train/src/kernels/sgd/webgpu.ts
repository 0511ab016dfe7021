import { scalarIndex } from "../_internal/optimizer-scalars.ts";
import { elementwise } from "../_webgpu/elementwise.ts";

const { learningRate, beta1: momentum, weightDecay, clipScale } = scalarIndex;

/** m = momentum m + g and param -= lr m, with g = clipScale grad + weightDecay param (the second term where decay is 1). */
export const sgd = elementwise({
  body: `let old = param_at(i);
let decay = select(0.0, scalars_at(${weightDecay}u), p.decay == 1u);
let g = scalars_at(${clipScale}u) * grad_at(i) + decay * old;
let first = scalars_at(${momentum}u) * m_at(i) + g;
m_put(i, first);
param_put(i, old - scalars_at(${learningRate}u) * first);`,
});
