import { strongComponents } from "./strong-components.ts";

interface Step {
  readonly from: number;
  readonly to: number;
}

/** The recurrent states of a chain whose steps are sorted by `from`, and the closed classes they form. */
export interface RecurrentClasses {
  readonly recurrent: readonly boolean[];
  readonly classes: readonly (readonly number[])[];
}

/** Strongly connected components that no step leaves and whose states are all expanded. */
export function recurrentClasses(expanded: readonly boolean[], steps: readonly Step[]): RecurrentClasses {
  const n = expanded.length;
  const offsets = new Uint32Array(n + 1);
  const targets = Uint32Array.from(steps, (step) => step.to);
  for (const { from } of steps) offsets[from + 1] = (offsets[from + 1] ?? 0) + 1;
  for (let i = 0; i < n; i++) offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  const { count, component } = strongComponents({ offsets, targets });
  const closed = new Uint8Array(count).fill(1);
  for (const { from, to } of steps) if (component[from] !== component[to]) closed[component[from] ?? 0] = 0;
  for (let i = 0; i < n; i++) if (expanded[i] !== true) closed[component[i] ?? 0] = 0;
  const members = new Map<number, number[]>();
  const recurrent = expanded.map((_, i) => {
    const c = component[i] ?? 0;
    if (closed[c] !== 1) return false;
    const list = members.get(c);
    if (list === undefined) members.set(c, [i]);
    else list.push(i);
    return true;
  });
  return { recurrent, classes: [...members.values()] };
}
