import type { BufferReference, BufferType, Region } from "../../plan/types.ts";
import { elements, type OnnxGraph } from "./onnx-graph.ts";
import type { OnnxValue } from "./onnx-model.ts";
import { onnxOperations } from "./onnx-operations.ts";

/** A range of elements of one copy of a region. */
export interface PlanRange {
  readonly region: Region;
  readonly start: number;
  readonly count: number;
}

/** A range that a graph reads from the arena. */
export interface GraphInput extends PlanRange {
  readonly value: OnnxValue;
  readonly type: BufferType;
}

/** A range that a graph writes to the arena. */
export interface GraphOutput extends PlanRange {
  readonly value: OnnxValue;
}

/** A range that a phase sets to a constant. */
export interface GraphFill extends PlanRange {
  readonly constant: number;
}

/** The contents of the regions of a plan while its calls are translated: which value of the graph lies in which range. */
export interface PlanValues {
  /** The elements from an address on, in this shape; what was never written is an input of the graph. */
  read(address: BufferReference, shape: readonly number[], type?: BufferType): OnnxValue;
  write(address: BufferReference, value: OnnxValue): void;
  /** Sets n elements to a constant. */
  fill(address: BufferReference, value: number, n: number): void;
  /** The constant that a whole range holds, if it does. */
  constantAt(address: BufferReference, n: number): number | undefined;
  readonly inputs: readonly GraphInput[];
  /** What the ranges of a region hold in the end, the part of it that lies in `within` where that is given. */
  outputs(region: Region, within?: readonly PlanRange[]): readonly GraphOutput[];
  fills(region: Region): readonly GraphFill[];
}

/** A written range: a constant, or the elements of a value from `from` on. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly source: number | { readonly value: OnnxValue; readonly from: number };
}

/** The part [start, end) of a segment. */
function part({ start: old, source }: Segment, start: number, end: number): Segment {
  return {
    start,
    end,
    source: typeof source === "number" ? source : { value: source.value, from: source.from + start - old },
  };
}

/** The regions of a plan with nothing written. */
export function createPlanValues(graph: OnnxGraph): PlanValues {
  const operations = onnxOperations(graph);
  const regions: Record<Region, Segment[]> = { shared: [], shard: [], workspace: [] };
  const inputs = new Map<string, GraphInput>();

  /** Segments that meet [start, end), cut to it, in order. */
  const overlapping = (region: Region, start: number, end: number): readonly Segment[] =>
    regions[region]
      .filter((segment) => segment.start < end && segment.end > start)
      .map((segment) => part(segment, Math.max(start, segment.start), Math.min(end, segment.end)));

  const input = (region: Region, start: number, shape: readonly number[], type: BufferType): OnnxValue => {
    const count = elements(shape);
    const key = `${region}.${start}.${count}.${type}`;
    const known = inputs.get(key);
    if (known !== undefined) return graph.reshape(known.value, shape);
    const value = graph.input(key, type === "i32" ? "int32" : "float", shape);
    inputs.set(key, { region, start, count, value, type });
    return value;
  };

  /** The elements of a segment as a value of any shape. */
  const segmentValue = ({ start, end, source }: Segment): OnnxValue => {
    const count = end - start;
    if (typeof source === "number") {
      return graph.node("Expand", [source, graph.integers([count])], [count]);
    }
    const { value, from } = source;
    const total = elements(value.shape);
    if (count === total) return value;
    return operations.slice(graph.reshape(value, [total]), 0, from, from + count);
  };

  const put = (region: Region, segment: Segment): void => {
    const rest = regions[region].flatMap((old) => {
      if (old.end <= segment.start || old.start >= segment.end) return [old];
      const pieces: Segment[] = [];
      if (old.start < segment.start) pieces.push(part(old, old.start, segment.start));
      if (old.end > segment.end) pieces.push(part(old, segment.end, old.end));
      return pieces;
    });
    regions[region] = [...rest, segment].sort((a, b) => a.start - b.start);
  };

  return {
    read({ region, offset }, shape, type = "f32") {
      const end = offset + elements(shape);
      const pieces: OnnxValue[] = [];
      let at = offset;
      const gap = (until: number): void => {
        if (until > at) pieces.push(input(region, at, until - at === end - offset ? shape : [until - at], type));
      };
      for (const segment of overlapping(region, offset, end)) {
        gap(segment.start);
        pieces.push(segmentValue(segment));
        at = segment.end;
      }
      gap(end);
      const [only] = pieces;
      if (only !== undefined && pieces.length === 1) return graph.reshape(only, shape);
      const flat = pieces.map((value) => graph.reshape(value, [elements(value.shape)]));
      return graph.reshape(operations.concat(flat, 0), shape);
    },
    write({ region, offset }, value) {
      put(region, { start: offset, end: offset + elements(value.shape), source: { value, from: 0 } });
    },
    fill({ region, offset }, value, n) {
      put(region, { start: offset, end: offset + n, source: value });
    },
    constantAt({ region, offset }, n) {
      const [segment] = overlapping(region, offset, offset + n);
      if (segment === undefined || segment.start !== offset || segment.end !== offset + n) return undefined;
      return typeof segment.source === "number" ? segment.source : undefined;
    },
    get inputs() {
      return [...inputs.values()];
    },
    outputs(region, within) {
      const all = regions[region].filter(({ source }) => typeof source !== "number" || within !== undefined);
      const cut =
        within === undefined ? all : within.flatMap(({ start, count }) => overlapping(region, start, start + count));
      return cut.map((segment) => ({
        region,
        start: segment.start,
        count: segment.end - segment.start,
        value: segmentValue(segment),
      }));
    },
    fills(region) {
      return regions[region].flatMap(({ start, end, source }) =>
        typeof source === "number" ? [{ region, start, count: end - start, constant: source }] : [],
      );
    },
  };
}
