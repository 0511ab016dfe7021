import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { runGraph } from "./_testing/run-graph.ts";
import { broadcast } from "./onnx-operations.ts";

const matrix = { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] };
const square = { shape: [3, 3], data: [1, 0, 2, 0, 1, 0, 3, 0, 1] };

describe("broadcast", () => {
  test.prop([fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 })])(
    "with itself, with ones, with a number",
    (shape) => {
      expect(broadcast(shape, shape)).toEqual(shape);
      expect(broadcast(shape, [])).toEqual(shape);
      expect(
        broadcast(
          shape.map(() => 1),
          shape,
        ),
      ).toEqual(shape);
    },
  );

  test("axes are aligned at the last; other sizes are refused", () => {
    expect(broadcast([4, 1, 3], [2, 1])).toEqual([4, 2, 3]);
    expect(() => broadcast([2, 3], [2])).toThrow("[2,3] and [2] do not broadcast");
  });
});

describe("operations have the shapes and values that they say", () => {
  test("elementwise, with numbers", async () => {
    const results = await runGraph({ x: matrix }, (o, { x }) =>
      x === undefined ? [] : [o.add(x, 1), o.sub(1, x), o.mul(x, x), o.div(x, 2), o.map("Neg", x)],
    );
    expect(results).toEqual(
      [(v: number) => v + 1, (v: number) => 1 - v, (v: number) => v * v, (v: number) => v / 2, (v: number) => -v].map(
        (f) => matrix.data.map(f),
      ),
    );
  });

  test("comparison, choice and integers", async () => {
    const results = await runGraph({ x: matrix, i: { shape: [3], data: [2, -1, 0], type: "int32" } }, (o, { x, i }) => {
      if (x === undefined || i === undefined) return [];
      const chosen = o.where(o.compare("Greater", x, 3), x, 0);
      return [
        chosen,
        o.cast(o.max(i, o.integers(0, "int32")), "float"),
        o.gather(x, o.max(i, o.integers(0, "int32")), 1),
      ];
    });
    expect(results).toEqual([
      [0, 0, 0, 4, 5, 6],
      [2, 0, 0],
      [3, 1, 1, 6, 4, 4],
    ]);
  });

  test("products, each factor as it is or transposed, scaled, added to", async () => {
    const results = await runGraph({ x: matrix, w: square }, (o, { x, w }) => {
      if (x === undefined || w === undefined) return [];
      return [
        o.matmul(x, w),
        o.gemm(x, w, { alpha: 2, transposeB: true, c: o.constant([1, 1, 1]) }),
        o.matmul(x, x, { transposeA: true, alpha: 0.5 }),
        o.gemm(x, x, { transposeB: true }),
      ];
    });
    expect(results).toEqual([
      [10, 2, 5, 22, 5, 14],
      [15, 5, 13, 33, 11, 37],
      [8.5, 11, 13.5, 11, 14.5, 18, 13.5, 18, 22.5],
      [14, 32, 32, 77],
    ]);
  });

  test("axes: transposed, sliced, joined, summed, averaged", async () => {
    const results = await runGraph({ x: matrix }, (o, { x }) => {
      if (x === undefined) return [];
      return [
        o.transpose(x, [1, 0]),
        o.slice(x, 1, 1, 3),
        o.concat([x, o.slice(x, 0, 0, 1)], 0),
        o.reduce("ReduceSum", x, [0]),
        o.reduce("ReduceMean", x, [1]),
        o.softmax(o.mul(x, 0)),
      ];
    });
    expect(results.slice(0, 5)).toEqual([
      [1, 4, 2, 5, 3, 6],
      [2, 3, 5, 6],
      [1, 2, 3, 4, 5, 6, 1, 2, 3],
      [5, 7, 9],
      [2, 5],
    ]);
    for (const p of results[5] ?? []) expect(p).toBeCloseTo(1 / 3, 6);
  });
});
