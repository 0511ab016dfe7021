import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createOnnxGraph } from "./onnx-graph.ts";
import { encodeOnnxModel } from "./onnx-model.ts";
import { createPlanValues, type PlanValues } from "./plan-values.ts";
import { loadRuntime } from "./runtime.ts";

const at = (offset: number) => ({ region: "shard", offset }) as const;

/** Values over an arena of one region: what the graph and the fills leave in it. */
async function leftIn(
  arena: Float32Array,
  write: (values: PlanValues, graph: ReturnType<typeof createOnnxGraph>) => void,
) {
  const runtime = await loadRuntime(1);
  const graph = createOnnxGraph();
  const values = createPlanValues(graph);
  write(values, graph);
  // One more node for every output, so that no two of them are the same value.
  const outputs = values.outputs("shard").map((output, index) => {
    let { value } = output;
    for (let i = 0; i <= index; i++) value = graph.node("Identity", [value], value.shape);
    return { ...output, value };
  });
  const result = arena.slice();
  for (const { start, count, constant } of values.fills("shard")) result.fill(constant, start, start + count);
  const model = graph.model(outputs.map(({ value }) => value));
  if (outputs.length === 0) return result;
  const session = await runtime.createSession(encodeOnnxModel(model));
  const needed = new Set(model.inputs.map(({ name }) => name));
  const feeds = Object.fromEntries(
    values.inputs
      .filter(({ value }) => needed.has(value.name))
      .map(({ start, count, value }) => [value.name, runtime.tensor(arena.slice(start, start + count), value.shape)]),
  );
  const fetches = Object.fromEntries(
    outputs.map(({ start, count, value }) => [
      value.name,
      runtime.tensor(result.subarray(start, start + count), value.shape),
    ]),
  );
  await session.run(feeds, fetches);
  await session.release();
  return result;
}

const range = fc
  .tuple(fc.nat(19), fc.integer({ min: 1, max: 12 }))
  .map(([start, size]) => ({ start, count: Math.min(size, 20 - start) }));
const step = fc.record({ kind: fc.constantFrom("fill", "copy", "double"), from: range, to: fc.nat(19) });

describe("a region under any sequence of writes", () => {
  test.prop([fc.array(step, { minLength: 1, maxLength: 6 })], { numRuns: 25 })(
    "ends like an array: ranges that overlap, lie in each other, are read before and after they are written",
    async (steps) => {
      const arena = Float32Array.from({ length: 20 }, (_, i) => i + 1);
      const expected = arena.slice();
      const actual = await leftIn(arena, (values, graph) => {
        for (const [i, { kind, from, to }] of steps.entries()) {
          const count = Math.min(from.count, 20 - to);
          if (kind === "fill") {
            values.fill(at(to), i, count);
            expected.fill(i, to, to + count);
            continue;
          }
          const value = values.read(at(from.start), [count]);
          const factor = kind === "double" ? 2 : 1;
          values.write(at(to), factor === 1 ? value : graph.node("Mul", [value, 2], [count]));
          expected.set(
            expected.slice(from.start, from.start + count).map((x) => factor * x),
            to,
          );
        }
      });
      expect([...actual]).toEqual([...expected]);
    },
  );
});

test("a range that holds one number everywhere is known to", () => {
  const values = createPlanValues(createOnnxGraph());
  expect(values.constantAt(at(0), 4)).toBeUndefined();
  values.fill(at(0), 0, 8);
  expect(values.constantAt(at(2), 4)).toBe(0);
  expect(values.constantAt(at(6), 4)).toBeUndefined();
  values.write(at(3), values.read({ region: "shared", offset: 0 }, [1]));
  expect(values.constantAt(at(2), 4)).toBeUndefined();
  expect(values.constantAt(at(4), 4)).toBe(0);
});

test("one input for every range and type, in the shape that was read first", () => {
  const graph = createOnnxGraph();
  const values = createPlanValues(graph);
  const matrix = values.read(at(16), [2, 3]);
  expect(values.read(at(16), [2, 3])).toBe(matrix);
  expect(graph.unshaped(values.read(at(16), [6]))).toBe(matrix);
  expect(values.read(at(16), [6], "i32").type).toBe("int32");
  expect(values.inputs.map(({ start, count, type }) => [start, count, type])).toEqual([
    [16, 6, "f32"],
    [16, 6, "i32"],
  ]);
});

test("of a region only the ranges that are asked for", () => {
  const graph = createOnnxGraph();
  const values = createPlanValues(graph);
  values.write(at(0), graph.input("x", "float", [8]));
  values.write(at(16), graph.input("y", "float", [4]));
  const within = [{ region: "shard", start: 2, count: 3 } as const];
  expect(values.outputs("shard", within).map(({ start, count }) => [start, count])).toEqual([[2, 3]]);
  expect(values.outputs("shard")).toHaveLength(2);
  expect(values.outputs("workspace")).toEqual([]);
});
