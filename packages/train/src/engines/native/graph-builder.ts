import type { KernelName, KernelSignatures } from "../../kernels/index.ts";
import type { BufferReference, BufferType } from "../../plan/types.ts";
import { elements, type OnnxGraph } from "./onnx-graph.ts";
import type { OnnxValue } from "./onnx-model.ts";
import { type OnnxOperations, onnxOperations } from "./onnx-operations.ts";
import { createPlanValues, type PlanValues } from "./plan-values.ts";

/** A buffer argument: an address, or 0 where the buffer is absent. */
export type OnnxAddress = BufferReference | 0;

/** The arguments of a kernel by name: numbers, and addresses of buffers. */
export type OnnxArguments<Name extends KernelName> = {
  readonly [Argument in KernelSignatures[Name]["args"][number] as Argument[0]]: Argument[1] extends "buffer"
    ? OnnxAddress
    : number;
};

/** What the translation of a kernel writes to: operations on values, and the buffers of the plan. Operations whose results nobody reads leave no trace. */
export interface GraphBuilder extends OnnxOperations {
  /** The contents of a buffer in this shape; it must not be absent. */
  read(address: OnnxAddress, shape: readonly number[], type?: BufferType): OnnxValue;
  /** What is added to: the contents of a buffer, or undefined where it is absent or holds zeros. */
  previous(address: OnnxAddress, shape: readonly number[]): OnnxValue | undefined;
  /** Overwrites a buffer; does nothing where it is absent. */
  write(address: OnnxAddress, value: OnnxValue): void;
  /** buffer += value; does nothing where it is absent. */
  accumulate(address: OnnxAddress, value: OnnxValue): void;
  /** Sets n elements to a number. */
  fill(address: OnnxAddress, value: number, n: number): void;
  /** Elements from a parameter, or the gradient of one, to the next: its size, rounded up to at most the size of the rest of the buffer. */
  extent(address: OnnxAddress): number;
}

/** The translation of one kernel into operations; `graph` holds the buffers. */
export type KernelToOnnx<Name extends KernelName> = (graph: GraphBuilder, args: OnnxArguments<Name>) => void;

/** A builder over a graph, and the buffers that it reads and writes; `extent` says how far a parameter reaches. */
export function createGraphBuilder(
  graph: OnnxGraph,
  extent: (address: BufferReference) => number,
): { readonly builder: GraphBuilder; readonly values: PlanValues } {
  const values = createPlanValues(graph);
  const operations = onnxOperations(graph);
  const read: GraphBuilder["read"] = (address, shape, type) => {
    if (address === 0) throw new Error("read of an absent buffer");
    return values.read(address, shape, type);
  };
  const previous: GraphBuilder["previous"] = (address, shape) =>
    address === 0 || values.constantAt(address, elements(shape)) === 0 ? undefined : read(address, shape);
  const write: GraphBuilder["write"] = (address, value) => {
    if (address !== 0) values.write(address, value);
  };
  const builder: GraphBuilder = {
    ...operations,
    read,
    previous,
    write,
    accumulate(address, value) {
      const old = previous(address, value.shape);
      write(address, old === undefined ? value : operations.add(old, value));
    },
    fill(address, value, n) {
      if (address !== 0) values.fill(address, value, n);
    },
    extent: (address) => (address === 0 ? 0 : extent(address)),
  };
  return { builder, values };
}
