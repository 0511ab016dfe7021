import type { OnnxAttribute, OnnxConstant, OnnxModel, OnnxNode, OnnxType, OnnxValue } from "./onnx-model.ts";

/** A value, or a number that stands for a float constant. */
export type Operand = OnnxValue | number;

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** What a node yields, when it is not one float value. */
export interface NodeOptions {
  readonly attributes?: Attributes;
  readonly type?: OnnxType;
  readonly domain?: string;
}

/**
 * A graph under construction, in static single assignment form: every method adds a node and returns its value. A node that is there already (same operation,
 * inputs and attributes) is not added again, so the backward pass shares what the forward pass computed.
 */
export interface OnnxGraph {
  input(name: string, type: OnnxType, shape: readonly number[]): OnnxValue;
  /** A float constant: a number, or an array of this shape. */
  constant(data: number | readonly number[], shape?: readonly number[]): OnnxValue;
  /** An integer constant: a number, or a vector (shapes, axes, indices); int64 by default. */
  integers(data: number | readonly number[], type?: "int64" | "int32"): OnnxValue;
  /** A node with one output of the given shape. */
  node(
    op: string,
    inputs: readonly (Operand | undefined)[],
    shape: readonly number[],
    options?: NodeOptions,
  ): OnnxValue;
  /** A node with several float outputs. */
  nodes(
    op: string,
    inputs: readonly (Operand | undefined)[],
    shapes: readonly (readonly number[])[],
    attributes?: Attributes,
  ): readonly OnnxValue[];
  /** The value with another shape of as many elements; the value itself where the shape is its own. */
  reshape(value: OnnxValue, shape: readonly number[]): OnnxValue;
  /** What a value was before it was reshaped. */
  unshaped(value: OnnxValue): OnnxValue;
  /** Whether the value is computed by a node. */
  isComputed(value: OnnxValue): boolean;
  /** The part of the graph that these values need, in topological order. */
  model(outputs: readonly OnnxValue[]): OnnxModel;
}

const bytesPerElement: Readonly<Record<OnnxType, number>> = { float: 4, int32: 4, int64: 8, bool: 1 };

/** Number of elements of a shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** An empty graph. */
export function createOnnxGraph(): OnnxGraph {
  const inputs: OnnxValue[] = [];
  const constants = new Map<string, OnnxConstant>();
  const nodes: OnnxNode[] = [];
  const producer = new Map<string, OnnxNode>();
  const known = new Map<string, readonly OnnxValue[]>();
  const reshaped = new Map<string, OnnxValue>();
  let count = 0;

  const addConstant = (type: OnnxType, shape: readonly number[], data: readonly number[]): OnnxValue => {
    // Object.is(-0, 0) is false and JSON writes both as 0.
    const key = `${type} [${shape.join()}] ${data.map((x) => (Object.is(x, -0) ? "-0" : `${x}`)).join()}`;
    const found = constants.get(key);
    if (found !== undefined) return found;
    const made = { name: `c${constants.size}`, type, shape, data };
    constants.set(key, made);
    return made;
  };
  const constant: OnnxGraph["constant"] = (data, shape) =>
    typeof data === "number"
      ? addConstant("float", shape ?? [], [data])
      : addConstant("float", shape ?? [data.length], data);
  const named = (operand: Operand | undefined): string =>
    operand === undefined ? "" : typeof operand === "number" ? constant(operand).name : operand.name;

  const add = (
    op: string,
    operands: readonly (Operand | undefined)[],
    shapes: readonly (readonly number[])[],
    { attributes = {}, type = "float", domain = "" }: NodeOptions = {},
  ): readonly OnnxValue[] => {
    const names = operands.map(named);
    const key = JSON.stringify([op, domain, names, attributes, shapes, type]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const outputs = shapes.map((shape) => ({ name: `v${count++}`, type, shape }));
    const bytes = shapes.map((shape) => elements(shape) * bytesPerElement[type]);
    const made = { op, domain, inputs: names, outputs: outputs.map(({ name }) => name), bytes, attributes };
    nodes.push(made);
    for (const { name } of outputs) producer.set(name, made);
    known.set(key, outputs);
    return outputs;
  };
  const node: OnnxGraph["node"] = (op, operands, shape, options) => {
    const [value] = add(op, operands, [shape], options);
    if (value === undefined) throw new Error(`${op} has no output`);
    return value;
  };
  const integers: OnnxGraph["integers"] = (data, type = "int64") =>
    typeof data === "number" ? addConstant(type, [], [data]) : addConstant(type, [data.length], data);
  const unshaped: OnnxGraph["unshaped"] = (value) => reshaped.get(value.name) ?? value;

  return {
    input(name, type, shape) {
      const value = { name, type, shape };
      inputs.push(value);
      return value;
    },
    constant,
    integers,
    node,
    nodes: (op, operands, shapes, attributes = {}) => add(op, operands, shapes, { attributes }),
    reshape(value, shape) {
      if (sameShape(value.shape, shape)) return value;
      if (elements(value.shape) !== elements(shape)) {
        throw new Error(`reshape [${value.shape.join()}] to [${shape.join()}]`);
      }
      const source = unshaped(value);
      if (sameShape(source.shape, shape)) return source;
      const made = node("Reshape", [source, integers(shape)], shape, { type: value.type });
      reshaped.set(made.name, source);
      return made;
    },
    unshaped,
    isComputed: ({ name }) => producer.has(name),
    model(outputs) {
      const needed = new Set(outputs.map(({ name }) => name));
      const kept = nodes.toReversed().filter((item) => {
        if (!item.outputs.some((name) => needed.has(name))) return false;
        for (const name of item.inputs) needed.add(name);
        return true;
      });
      // Trailing outputs that nobody reads are optional ones: they are not asked for.
      const trimmed = kept.toReversed().map((item) => {
        const last = item.outputs.findLastIndex((name) => needed.has(name));
        const names = item.outputs.slice(0, last + 1).map((name) => (needed.has(name) ? name : ""));
        return { ...item, outputs: names };
      });
      return {
        nodes: trimmed,
        constants: [...constants.values()].filter(({ name }) => needed.has(name)),
        inputs: inputs.filter(({ name }) => needed.has(name)),
        outputs,
      };
    },
  };
}
