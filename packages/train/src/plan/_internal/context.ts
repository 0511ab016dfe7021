import type { BufferReference, KernelCall, PlanConstant } from "../types.ts";
import { type Address, createBuilder, shifted } from "./builder.ts";
import type { CompileInput, Emitter } from "./compile-input.ts";
import { createHooks, type Hooks } from "./hooks.ts";

export type { Activation } from "./compile-input.ts";

/** Emits the calls of one shard: the forward pass as the layers are visited, then the backward pass in reverse. */
export interface Context extends CompileInput, Emitter, Hooks {
  readonly rows: number;
  /** Registers the backward pass of a layer. */
  onBackward(run: () => void): void;
  /** Runs the registered backward passes in reverse, emitting into another list, which is returned. */
  emitBackward(first: () => void): readonly KernelCall[];
  readonly forward: readonly KernelCall[];
  readonly constants: readonly PlanConstant[];
  parameter(name: string): BufferReference;
  /** A parameter, or 0 where the model does not have it. */
  optionalParameter(name: string | undefined): Address;
  /** Where the gradient of a parameter accumulates; 0 when it is frozen or does not exist. */
  gradient(name: string | undefined): Address;
}

/** Creates the context of one compilation. */
export function createContext(input: CompileInput): Context {
  const builder = createBuilder();
  const forward: KernelCall[] = [];
  const tape: (() => void)[] = [];
  const constants: PlanConstant[] = [];
  let target: KernelCall[] = forward;
  const rows = input.batch * input.length;
  const parameters = builder.allocate("parameters", "shared", [input.parameters.length]);
  const runs = input.trainable?.runs ?? [];

  const emit: Context["emit"] = (kernel, args) => {
    target.push(builder.call(kernel, args));
  };
  const activation: Context["activation"] = (name, shape) => builder.allocate(name, "workspace", shape);
  const constant: Context["constant"] = (name, shape, values, type = "f32") => {
    if (!builder.buffers.has(name)) constants.push({ buffer: name, values });
    return builder.allocate(name, "shared", shape, type);
  };
  const parameter = (name: string): BufferReference =>
    shifted(parameters, input.parameters.entries.get(name)?.offset ?? Number.NaN);

  return {
    ...input,
    ...createHooks(input, { builder, emit, activation, constant }),
    builder,
    rows,
    forward,
    constants,
    emit,
    activation,
    constant,
    onBackward(run) {
      tape.push(run);
    },
    emitBackward(first) {
      const backward: KernelCall[] = [];
      target = backward;
      first();
      for (const run of tape.toReversed()) run();
      target = forward;
      return backward;
    },
    parameter,
    optionalParameter: (name) => (name !== undefined && input.parameters.entries.has(name) ? parameter(name) : 0),
    gradient(name) {
      const [run] = runs.filter((candidate) => candidate.parameter === name);
      if (name === undefined || run === undefined || input.trainable === undefined) return 0;
      if (run.whole) {
        return shifted(
          builder.allocate("shardGradient", "shard", [input.trainable.gradientLength]),
          run.gradientOffset,
        );
      }
      return activation(`gradient.${name}`, input.parameters.entries.get(name)?.shape ?? []);
    },
  };
}
