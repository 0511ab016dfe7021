import type { KernelCall } from "../types.ts";
import { shifted } from "./builder.ts";
import type { Context } from "./context.ts";

/** Gradient of a shard: zeroed, accumulated by the layers, then the trained rows of partly trained parameters copied in. */
export function emitGradient(context: Context, objective: () => void): readonly KernelCall[] {
  const { builder, emit, trainable } = context;
  if (trainable === undefined) return context.emitBackward(objective);
  const gradient = builder.allocate("shardGradient", "shard", [trainable.gradientLength]);
  const partial = [...new Set(trainable.runs.filter(({ whole }) => !whole).map(({ parameter }) => parameter))];
  const count = (name: string): number => context.parameters.entries.get(name)?.count ?? 0;
  const backward = [
    ...context.emitBackward(() => {
      objective();
      emit("fill", { buffer: gradient, value: 0, n: trainable.gradientLength });
      for (const name of partial) emit("fill", { buffer: context.gradient(name), value: 0, n: count(name) });
    }),
  ];
  for (const run of trainable.runs) {
    const full = run.whole ? 0 : context.gradient(run.parameter);
    if (full === 0) continue;
    const src = shifted(full, run.offset - (context.parameters.entries.get(run.parameter)?.offset ?? 0));
    backward.push(builder.call("copy", { src, dst: shifted(gradient, run.gradientOffset), n: run.count }));
  }
  return backward;
}
