import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { kroneckerVector } from "../numeric/matrix.ts";
import { compileProduct, jointSize, type ProductWriter, writeProductLoop } from "./compiled-product.ts";

const instance = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }), fc.nat(3))
  .chain(([columns, rows]) =>
    fc
      .tuple(
        ...columns.map((d) => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: rows * d, maxLength: rows * d })),
      )
      .map((entries) => ({ columns, rows, matrices: entries.map((values) => Float64Array.from(values)) })),
  );

function expectProducts(
  write: ProductWriter,
  columns: readonly number[],
  rows: number,
  matrices: readonly Float64Array[],
) {
  const size = jointSize(columns);
  const out = new Float64Array(rows * size + 3).fill(7);
  write(matrices, rows, out, 2);
  expect([out[0], out[1], out.at(-1)]).toEqual([7, 7, 7]);
  for (let row = 0; row < rows; row++) {
    const vectors = matrices.map((matrix, n) => matrix.slice(row * (columns[n] ?? 0), (row + 1) * (columns[n] ?? 0)));
    expect(out.slice(2 + row * size, 2 + (row + 1) * size)).toEqual(
      vectors.reduce(kroneckerVector, Float64Array.of(1)),
    );
  }
}

describe("products of rows", () => {
  test.prop([instance], { numRuns: 50 })("written out", ({ columns, rows, matrices }) => {
    const write = compileProduct(columns);
    if (write !== undefined) expectProducts(write, columns, rows, matrices);
    expect(write === undefined).toBe(jointSize(columns) > 1024);
  });

  test.prop([instance], { numRuns: 50 })("in loops", ({ columns, rows, matrices }) => {
    expectProducts(writeProductLoop(columns), columns, rows, matrices);
  });

  test("too many entries are left to the loops", () => {
    expect(compileProduct([32, 33])).toBeUndefined();
  });
});
