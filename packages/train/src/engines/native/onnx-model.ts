import { type ProtobufMessage, protobufMessage } from "./protobuf.ts";

/** Element types that our graphs use, by ONNX's name of the type. */
export type OnnxType = "float" | "int32" | "int64" | "bool";

/** Values of `TensorProto.DataType`. */
const dataType: Readonly<Record<OnnxType, number>> = { float: 1, int32: 6, int64: 7, bool: 9 };

/** A value of a graph: its name, type and static shape. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
}

/** An attribute: an integer, `{ float }`, a string or a list of integers. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** One operation; an empty input name is an absent optional input, an empty output name an output that nobody reads. */
export interface OnnxNode {
  readonly op: string;
  /** Operator set: empty for the standard one. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Bytes of every output. */
  readonly bytes: readonly number[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant tensor. */
export interface OnnxConstant extends OnnxValue {
  readonly data: readonly number[];
}

/** A graph of standard operations in topological order. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** Version 9 of the format and version 20 of the operators (ONNX 1.15): the first with Gelu. */
const irVersion = 9;
export const opsetVersion = 20;

function attribute(name: string, value: OnnxAttribute): ProtobufMessage {
  const message = protobufMessage().text(1, name);
  if (typeof value === "number") return message.integer(3, value).integer(20, 2);
  if (typeof value === "string") return message.bytes(4, new TextEncoder().encode(value)).integer(20, 3);
  if ("float" in value) return message.float(2, value.float).integer(20, 1);
  return message.integers(8, value).integer(20, 7);
}

function node({ op, domain = "", inputs, outputs, attributes }: OnnxNode): ProtobufMessage {
  const message = protobufMessage();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  message.text(4, op);
  for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
  if (domain !== "") message.text(7, domain);
  return message;
}

function valueInfo({ name, type, shape }: OnnxValue): ProtobufMessage {
  const dimensions = protobufMessage();
  for (const size of shape) dimensions.message(1, protobufMessage().integer(1, size));
  const tensor = protobufMessage().integer(1, dataType[type]).message(2, dimensions);
  return protobufMessage().text(1, name).message(2, protobufMessage().message(1, tensor));
}

function constant({ name, type, shape, data }: OnnxConstant): ProtobufMessage {
  const message = protobufMessage().integers(1, shape).integer(2, dataType[type]);
  if (type === "float") message.floats(4, data);
  else message.integers(type === "int64" ? 7 : 5, data);
  return message.text(8, name);
}

/** A graph as the bytes of an ONNX file (`ModelProto` of onnx.proto3). */
export function encodeOnnxModel({ nodes, constants, inputs, outputs }: OnnxModel): Uint8Array {
  const graph = protobufMessage();
  for (const item of nodes) graph.message(1, node(item));
  graph.text(2, "plan");
  for (const item of constants) graph.message(5, constant(item));
  for (const item of inputs) graph.message(11, valueInfo(item));
  for (const item of outputs) graph.message(12, valueInfo(item));
  const model = protobufMessage().integer(1, irVersion).text(2, "semifactor").message(7, graph);
  const domains = new Set(["", ...nodes.map(({ domain = "" }) => domain)]);
  for (const domain of domains) {
    model.message(
      8,
      protobufMessage()
        .text(1, domain)
        .integer(2, domain === "" ? opsetVersion : 1),
    );
  }
  return model.encode();
}
