import { type Arena, at } from "../_internal/arena.ts";
import { scalarIndex } from "../_internal/optimizer-scalars.ts";

/**
 * One step of stochastic gradient descent with momentum as in PyTorch (no dampening, not Nesterov's) on param, grad, m [n]:
 * g = clipScale grad + weightDecay p (the second term where decay is 1); m = momentum m + g; p -= lr m.
 */
export function sgd(
  arena: Arena,
  param: number,
  grad: number,
  m: number,
  scalars: number,
  n: number,
  decay: number,
): void {
  const learningRate = at(arena, scalars + scalarIndex.learningRate);
  const momentum = at(arena, scalars + scalarIndex.beta1);
  const factor = at(arena, scalars + scalarIndex.clipScale);
  const weightDecay = decay === 1 ? at(arena, scalars + scalarIndex.weightDecay) : 0;
  for (let i = 0; i < n; i++) {
    const p = at(arena, param + i);
    const g = factor * at(arena, grad + i) + weightDecay * p;
    const first = momentum * at(arena, m + i) + g;
    arena[m + i] = first;
    arena[param + i] = p - learningRate * first;
  }
}
