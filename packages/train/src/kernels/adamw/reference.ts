import { type Arena, at } from "../_internal/arena.ts";
import { scalarIndex } from "../_internal/optimizer-scalars.ts";

/**
 * One AdamW step (Loshchilov & Hutter 2019) on param, grad, m, v [n], with g = clipScale grad:
 * p -= lr wd p (when decay is 1); m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr (m / bias1) / (sqrt(v / bias2) + eps).
 */
export function adamw(
  arena: Arena,
  param: number,
  grad: number,
  m: number,
  v: number,
  scalars: number,
  n: number,
  decay: number,
): void {
  const read = (name: keyof typeof scalarIndex): number => at(arena, scalars + scalarIndex[name]);
  const learningRate = read("learningRate");
  const beta1 = read("beta1");
  const beta2 = read("beta2");
  const epsilon = read("epsilon");
  const bias1 = read("bias1");
  const bias2 = read("bias2");
  const factor = read("clipScale");
  const shrink = decay === 1 ? 1 - learningRate * read("weightDecay") : 1;
  for (let i = 0; i < n; i++) {
    const g = factor * at(arena, grad + i);
    const first = beta1 * at(arena, m + i) + (1 - beta1) * g;
    const second = beta2 * at(arena, v + i) + (1 - beta2) * g * g;
    arena[m + i] = first;
    arena[v + i] = second;
    const step = first / bias1 / (Math.sqrt(second / bias2) + epsilon);
    arena[param + i] = shrink * at(arena, param + i) - learningRate * step;
  }
}
