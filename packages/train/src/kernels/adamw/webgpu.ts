import { scalarIndex } from "../_internal/optimizer-scalars.ts";
import { elementwise } from "../_webgpu/elementwise.ts";

const { learningRate, beta1, beta2, epsilon, weightDecay, bias1, bias2, clipScale } = scalarIndex;

/** One AdamW step: m and v move towards g = clipScale grad and g^2, then param = shrink param - lr (m / bias1) / (sqrt(v / bias2) + eps). */
export const adamw = elementwise({
  body: `let rate = scalars_at(${learningRate}u);
let b1 = scalars_at(${beta1}u);
let b2 = scalars_at(${beta2}u);
let g = scalars_at(${clipScale}u) * grad_at(i);
let first = b1 * m_at(i) + (1.0 - b1) * g;
let second = b2 * v_at(i) + (1.0 - b2) * g * g;
m_put(i, first);
v_put(i, second);
let step = first / scalars_at(${bias1}u) / (sqrt(second / scalars_at(${bias2}u)) + scalars_at(${epsilon}u));
let shrink = select(1.0, 1.0 - rate * scalars_at(${weightDecay}u), p.decay == 1u);
param_put(i, shrink * param_at(i) - rate * step);`,
});
