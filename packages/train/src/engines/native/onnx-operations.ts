import type { NodeOptions, OnnxGraph, Operand } from "./onnx-graph.ts";
import type { OnnxType, OnnxValue } from "./onnx-model.ts";

/** The operations that kernels are written in, with their shapes inferred; a number stands for a float constant. */
export interface OnnxOperations {
  add(a: Operand, b: Operand): OnnxValue;
  sub(a: Operand, b: Operand): OnnxValue;
  mul(a: Operand, b: Operand): OnnxValue;
  div(a: Operand, b: Operand): OnnxValue;
  /** Elementwise maximum of two values of one type. */
  max(a: OnnxValue, b: Operand): OnnxValue;
  /** A function of every element: `Exp`, `Erf`, `Tanh`, `Sigmoid`, `Sqrt`, `Reciprocal`, `Relu`, `Neg`, `Gelu`. */
  map(op: string, x: OnnxValue, options?: NodeOptions): OnnxValue;
  /** A comparison: `Greater`, `GreaterOrEqual`, `Less`, `LessOrEqual`, `Equal`. */
  compare(op: string, a: Operand, b: Operand): OnnxValue;
  /** `then` where the condition holds, `otherwise` elsewhere. */
  where(condition: OnnxValue, then: Operand, otherwise: Operand): OnnxValue;
  cast(x: OnnxValue, type: OnnxType): OnnxValue;
  /** alpha a b over the last two axes of values of one rank, each factor transposed where asked, with the axes before them broadcast. */
  matmul(a: OnnxValue, b: OnnxValue, options?: Omit<GemmOptions, "c">): OnnxValue;
  /** alpha a b + c for matrices, each factor transposed where asked; c is broadcast. */
  gemm(a: OnnxValue, b: OnnxValue, options?: GemmOptions): OnnxValue;
  transpose(x: OnnxValue, permutation: readonly number[]): OnnxValue;
  reshape(x: OnnxValue, shape: readonly number[]): OnnxValue;
  /** Sums (or means) over axes, which are kept with size 1. */
  reduce(op: "ReduceSum" | "ReduceMean", x: OnnxValue, axes: readonly number[]): OnnxValue;
  softmax(x: OnnxValue): OnnxValue;
  /** The entries first <= i < end of an axis. */
  slice(x: OnnxValue, axis: number, first: number, end: number): OnnxValue;
  concat(parts: readonly OnnxValue[], axis: number): OnnxValue;
  /** The entries of an axis that a vector of integers names. */
  gather(x: OnnxValue, indices: OnnxValue, axis: number): OnnxValue;
  constant: OnnxGraph["constant"];
  integers: OnnxGraph["integers"];
  node: OnnxGraph["node"];
  nodes: OnnxGraph["nodes"];
}

/** Options of a product of matrices. */
export interface GemmOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly alpha?: number;
  readonly c?: OnnxValue | undefined;
}

const shapeOf = (x: Operand): readonly number[] => (typeof x === "number" ? [] : x.shape);

/** The shape of two operands broadcast against each other, aligned at the last axis. */
export function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x = 1, y = 1] = [a[a.length - rank + axis], b[b.length - rank + axis]];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`[${a.join()}] and [${b.join()}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** The operations of a graph. */
export function onnxOperations(graph: OnnxGraph): OnnxOperations {
  const binary =
    (op: string) =>
    (a: Operand, b: Operand): OnnxValue =>
      graph.node(op, [a, b], broadcast(shapeOf(a), shapeOf(b)));
  const mul = binary("Mul");
  return {
    add: binary("Add"),
    sub: binary("Sub"),
    mul,
    div: binary("Div"),
    max: (a, b) => graph.node("Max", [a, b], broadcast(a.shape, shapeOf(b)), { type: a.type }),
    map: (op, x, options) => graph.node(op, [x], x.shape, options),
    compare: (op, a, b) => graph.node(op, [a, b], broadcast(shapeOf(a), shapeOf(b)), { type: "bool" }),
    where: (condition, then, otherwise) =>
      graph.node(
        "Where",
        [condition, then, otherwise],
        broadcast(condition.shape, broadcast(shapeOf(then), shapeOf(otherwise))),
      ),
    cast(x, type) {
      const to = { float: 1, int32: 6, int64: 7, bool: 9 }[type];
      return graph.node("Cast", [x], x.shape, { type, attributes: { to } });
    },
    matmul(a, b, { transposeA = false, transposeB = false, alpha = 1 } = {}) {
      const size = [a.shape.at(transposeA ? -1 : -2) ?? 1, b.shape.at(transposeB ? -2 : -1) ?? 1];
      const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), ...size];
      if (!transposeA && !transposeB && alpha === 1) return graph.node("MatMul", [a, b], shape);
      const attributes = { alpha: { float: alpha }, transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
      return graph.node("FusedMatMul", [a, b], shape, { domain: "com.microsoft", attributes });
    },
    gemm(a, b, { transposeA = false, transposeB = false, alpha = 1, c } = {}) {
      const shape = [a.shape[transposeA ? 1 : 0] ?? 1, b.shape[transposeB ? 0 : 1] ?? 1];
      const attributes = { alpha: { float: alpha }, transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
      return graph.node("Gemm", c === undefined ? [a, b] : [a, b, c], shape, { attributes });
    },
    transpose: (x, permutation) =>
      graph.node(
        "Transpose",
        [x],
        permutation.map((axis) => x.shape[axis] ?? 1),
        { type: x.type, attributes: { perm: permutation } },
      ),
    reshape: graph.reshape,
    reduce: (op, x, axes) =>
      graph.node(
        op,
        [x, graph.integers(axes)],
        x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
        { attributes: { keepdims: 1 } },
      ),
    softmax: (x) => graph.node("Softmax", [x], x.shape, { attributes: { axis: -1 } }),
    slice: (x, axis, first, end) =>
      graph.node(
        "Slice",
        [x, graph.integers([first]), graph.integers([end]), graph.integers([axis])],
        x.shape.map((size, i) => (i === axis ? end - first : size)),
        { type: x.type },
      ),
    concat(parts, axis) {
      const [first] = parts;
      if (first === undefined) throw new Error("nothing to concatenate");
      const size = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 1), 0);
      const shape = first.shape.map((own, i) => (i === axis ? size : own));
      return graph.node("Concat", parts, shape, { type: first.type, attributes: { axis } });
    },
    gather(x, indices, axis) {
      const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
      return graph.node("Gather", [x, indices], shape, { type: x.type, attributes: { axis } });
    },
    constant: graph.constant,
    integers: graph.integers,
    node: graph.node,
    nodes: graph.nodes,
  };
}
