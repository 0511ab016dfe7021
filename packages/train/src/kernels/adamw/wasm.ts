import { vectorEnd } from "../_wasm/simd";

/**
 * One AdamW step (Loshchilov & Hutter 2019) on param, grad, m, v [n] with g = clipScale grad: p -= lr wd p (when decay is 1);
 * m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr (m / bias1) / (sqrt(v / bias2) + eps). No fused operations and the same order in the vector
 * loop as for the last elements: the result of an element does not depend on where in a range it lies.
 */
export function adamw(param: usize, grad: usize, m: usize, v: usize, scalars: usize, n: usize, decay: i32): void {
  const lr = load<f32>(scalars), beta1 = load<f32>(scalars, 4), beta2 = load<f32>(scalars, 8), eps = load<f32>(scalars, 12);
  const inverse1: f32 = 1.0 / load<f32>(scalars, 20), inverse2: f32 = 1.0 / load<f32>(scalars, 24);
  const clip = load<f32>(scalars, 28);
  const rest1: f32 = 1.0 - beta1, rest2: f32 = 1.0 - beta2;
  const shrink: f32 = decay ? 1.0 - lr * load<f32>(scalars, 16) : 1.0;
  const last = param + (n << 2);
  for (const end = vectorEnd(param, n); param < end; param += 16, grad += 16, m += 16, v += 16) {
    const g = f32x4.mul(v128.load(grad), f32x4.splat(clip));
    const m1 = f32x4.add(f32x4.mul(v128.load(m), f32x4.splat(beta1)), f32x4.mul(g, f32x4.splat(rest1)));
    const v1 = f32x4.add(f32x4.mul(v128.load(v), f32x4.splat(beta2)), f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest2)));
    v128.store(m, m1);
    v128.store(v, v1);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v1, f32x4.splat(inverse2))), f32x4.splat(eps));
    const step = f32x4.div(f32x4.mul(f32x4.mul(m1, f32x4.splat(inverse1)), f32x4.splat(lr)), root);
    v128.store(param, f32x4.sub(f32x4.mul(v128.load(param), f32x4.splat(shrink)), step));
  }
  for (; param < last; param += 4, grad += 4, m += 4, v += 4) {
    const g = load<f32>(grad) * clip;
    const m1 = load<f32>(m) * beta1 + g * rest1;
    const v1 = load<f32>(v) * beta2 + g * g * rest2;
    store<f32>(m, m1);
    store<f32>(v, v1);
    const root = sqrt<f32>(v1 * inverse2) + eps;
    store<f32>(param, load<f32>(param) * shrink - m1 * inverse1 * lr / root);
  }
}
