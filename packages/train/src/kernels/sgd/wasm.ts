import { vectorEnd } from "../_wasm/simd";

/**
 * One step of stochastic gradient descent with momentum as in PyTorch (no dampening, not Nesterov's) on param, grad, m [n]:
 * g = clipScale grad + weightDecay p (the second term where decay is 1); m = momentum m + g; p -= lr m. No fused operations and the same order in the vector
 * loop as for the last elements: the result of an element does not depend on where in a range it lies.
 */
export function sgd(param: usize, grad: usize, m: usize, scalars: usize, n: usize, decay: i32): void {
  const lr = load<f32>(scalars), momentum = load<f32>(scalars, 4), clip = load<f32>(scalars, 28);
  const shrink: f32 = decay ? load<f32>(scalars, 16) : 0;
  const last = param + (n << 2);
  for (const end = vectorEnd(param, n); param < end; param += 16, grad += 16, m += 16) {
    const p = v128.load(param);
    const g = f32x4.add(f32x4.mul(v128.load(grad), f32x4.splat(clip)), f32x4.mul(p, f32x4.splat(shrink)));
    const m1 = f32x4.add(f32x4.mul(v128.load(m), f32x4.splat(momentum)), g);
    v128.store(m, m1);
    v128.store(param, f32x4.sub(p, f32x4.mul(m1, f32x4.splat(lr))));
  }
  for (; param < last; param += 4, grad += 4, m += 4) {
    const p = load<f32>(param);
    const m1 = load<f32>(m) * momentum + (load<f32>(grad) * clip + p * shrink);
    store<f32>(m, m1);
    store<f32>(param, p - m1 * lr);
  }
}
