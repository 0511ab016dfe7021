import type { KernelName } from "../../kernels/index.ts";
import type { TransformerConfig } from "../../model/config.ts";
import { type HookPoint, hookShape, type ResidualHookPoint } from "../../model/hook-points.ts";
import { elementCount, type LoraAdapter } from "../../model/parameters.ts";
import type { ParameterLayout } from "../parameter-layout.ts";
import type { TrainableLayout } from "../trainable.ts";
import type { BufferReference, KernelCall } from "../types.ts";
import { type Address, type Builder, createBuilder, type NamedArguments, shifted } from "./builder.ts";

/** A vector that is added to the residual stream while the plan runs; its values are uploaded to `intervention.<index>`. */
export interface PlannedIntervention {
  readonly hook: ResidualHookPoint;
  readonly scale: number;
  /** Positions that are changed, or all of them. */
  readonly positions: "all" | readonly number[];
}

/** What the layers of a model share while they are compiled. */
export interface CompileInput {
  readonly config: TransformerConfig;
  readonly adapters: readonly LoraAdapter[];
  readonly parameters: ParameterLayout;
  readonly trainable: TrainableLayout | undefined;
  /** Sequences in one shard. */
  readonly batch: number;
  readonly length: number;
  readonly capture: readonly HookPoint[];
  readonly interventions: readonly PlannedIntervention[];
}

/** Emits the calls of one shard: the forward pass as the layers are visited, then the backward pass in reverse. */
export interface Context extends CompileInput {
  readonly builder: Builder;
  readonly rows: number;
  emit<Name extends KernelName>(kernel: Name, args: NamedArguments<Name>): void;
  /** Registers the backward pass of a layer. */
  onBackward(run: () => void): void;
  /** Runs the registered backward passes in reverse, emitting into another list, which is returned. */
  emitBackward(first: () => void): readonly KernelCall[];
  readonly forward: readonly KernelCall[];
  /** A workspace buffer of this name. */
  activation(name: string, shape: readonly number[]): BufferReference;
  parameter(name: string): BufferReference;
  /** Where the gradient of a parameter accumulates; 0 when it is frozen. */
  gradient(name: string): Address;
  /** Copies an activation out if it is captured. */
  hook(name: HookPoint, data: BufferReference): void;
  /** Where a captured activation goes; undefined when it is not captured. */
  captured(name: HookPoint): BufferReference | undefined;
  /** The residual stream after the interventions at this hook point (then captured, if asked). */
  residual(name: ResidualHookPoint, data: BufferReference): BufferReference;
}

/** Creates the context of one compilation. */
export function createContext(input: CompileInput): Context {
  const builder = createBuilder();
  const forward: KernelCall[] = [];
  const tape: (() => void)[] = [];
  let target: KernelCall[] = forward;
  const rows = input.batch * input.length;
  const parameters = builder.allocate("parameters", "shared", [input.parameters.length]);
  const runs = input.trainable?.runs ?? [];

  const emit: Context["emit"] = (kernel, args) => {
    target.push(builder.call(kernel, args));
  };
  const activation: Context["activation"] = (name, shape) => builder.allocate(name, "workspace", shape);
  const captured: Context["captured"] = (name) =>
    input.capture.includes(name)
      ? builder.allocate(`capture.${name}`, "shard", [input.batch, ...hookShape(input.config, name, input.length)])
      : undefined;
  const hook: Context["hook"] = (name, data) => {
    const dst = captured(name);
    if (dst === undefined) return;
    emit("copy", { src: data, dst, n: input.batch * elementCount(hookShape(input.config, name, input.length)) });
  };

  return {
    ...input,
    builder,
    rows,
    forward,
    emit,
    activation,
    captured,
    hook,
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
    parameter(name) {
      return shifted(parameters, input.parameters.entries.get(name)?.offset ?? Number.NaN);
    },
    gradient(name) {
      const own = runs.filter((run) => run.parameter === name);
      const [run] = own;
      if (run === undefined || input.trainable === undefined) return 0;
      if (run.whole) {
        return shifted(
          builder.allocate("shardGradient", "shard", [input.trainable.gradientLength]),
          run.gradientOffset,
        );
      }
      return activation(`gradient.${name}`, input.parameters.entries.get(name)?.shape ?? []);
    },
    residual(name, data) {
      const { dModel } = input.config;
      let current = data;
      for (const [index, intervention] of input.interventions.entries()) {
        if (intervention.hook !== name) continue;
        const vector = builder.allocate(`intervention.${index}`, "shared", [dModel]);
        const changed = activation(`${name}.changed`, [rows, dModel]);
        if (current === data) emit("copy", { src: data, dst: changed, n: rows * dModel });
        current = changed;
        for (const position of intervention.positions === "all" ? [-1] : intervention.positions) {
          const { batch, length } = input;
          const { scale } = intervention;
          emit("add_vector", { x: changed, vector, y: changed, batch, length, d: dModel, scale, position });
        }
      }
      hook(name, current);
      return current;
    },
  };
}
