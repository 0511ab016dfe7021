import { type KernelName, type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import { kernelsToOnnx } from "../../kernels/native.ts";
import type { BufferReference, KernelCall, Plan, Region } from "../../plan/types.ts";
import { argumentRoles } from "./argument-roles.ts";
import { createGraphBuilder, type GraphBuilder } from "./graph-builder.ts";
import { createOnnxGraph } from "./onnx-graph.ts";
import type { OnnxModel, OnnxValue } from "./onnx-model.ts";
import type { GraphFill, GraphInput, GraphOutput, PlanRange } from "./plan-values.ts";

/** Consecutive calls of a shard as one graph, and the ranges of the arena that it reads and writes. */
export interface PhaseGraph {
  readonly model: OnnxModel;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
  /** Ranges that the calls leave at a constant; the graph does not write them. */
  readonly fills: readonly GraphFill[];
}

/** How far a parameter, or the gradient of one, reaches: to the next one that a call of the plan names, or to the end of its buffer. */
export function parameterExtents(plan: Plan): (address: BufferReference) => number {
  const boundaries: Record<Region, Set<number>> = { shared: new Set(), shard: new Set(), workspace: new Set() };
  for (const { region, offset, length } of plan.buffers.values()) boundaries[region].add(offset).add(offset + length);
  for (const call of Object.values(plan.phases).flatMap(({ perShard }) => perShard)) {
    for (const { address, role } of argumentRoles(call) ?? []) {
      if (role === "fixed" || role === "sum") boundaries[address.region].add(address.offset);
    }
  }
  const sorted: Partial<Record<Region, readonly number[]>> = {};
  return ({ region, offset }) => {
    const list = sorted[region] ?? [...boundaries[region]].sort((a, b) => a - b);
    sorted[region] = list;
    return (list.find((boundary) => boundary > offset) ?? offset) - offset;
  };
}

/** Adds the operations of one call. */
function translate(builder: GraphBuilder, { kernel, args }: KernelCall): void {
  const signature: KernelSignature = kernelSignatures[kernel];
  const named = Object.fromEntries(signature.args.map(([name], i) => [name, args[i] ?? 0]));
  const toOnnx = kernelsToOnnx[kernel] as ((graph: GraphBuilder, named: object) => void) | "host";
  if (toOnnx === "host") throw new Error(`${kernel satisfies KernelName} runs on the host`);
  toOnnx(builder, named);
}

/**
 * Translates calls into a graph. What is left in `shared` and `shard` is written to the arena, and of the workspace the ranges `keep` (all of it: "all").
 */
export function phaseGraph(
  calls: readonly KernelCall[],
  extent: (address: BufferReference) => number,
  keep: readonly PlanRange[] | "all",
): PhaseGraph {
  const graph = createOnnxGraph();
  const { builder, values } = createGraphBuilder(graph, extent);
  for (const call of calls) translate(builder, call);
  const kept =
    keep === "all"
      ? values.outputs("workspace")
      : values.outputs(
          "workspace",
          keep.filter(({ region }) => region === "workspace"),
        );
  const used = new Set<string>();
  const outputs = [...values.outputs("shared"), ...values.outputs("shard"), ...kept].map((output) => {
    // The bytes of a value do not depend on its shape: what was reshaped last is written as it was computed.
    const value = ownOutput(graph, graph.unshaped(output.value), used);
    return { ...output, value };
  });
  const model = graph.model(outputs.map(({ value }) => value));
  const needed = new Set(model.inputs.map(({ name }) => name));
  return {
    model,
    inputs: values.inputs.filter(({ value }) => needed.has(value.name)),
    outputs,
    fills: [...values.fills("shared"), ...values.fills("shard"), ...(keep === "all" ? values.fills("workspace") : [])],
  };
}

/** A value that a node computes and no other output has. */
function ownOutput(graph: ReturnType<typeof createOnnxGraph>, value: OnnxValue, used: Set<string>): OnnxValue {
  let own = value;
  if (!graph.isComputed(own)) own = graph.node("Identity", [own], value.shape, { type: value.type });
  while (used.has(own.name)) own = graph.node("Identity", [own], value.shape, { type: value.type });
  used.add(own.name);
  return own;
}
