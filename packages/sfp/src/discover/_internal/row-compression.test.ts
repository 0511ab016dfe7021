import { fc, test } from "@fast-check/vitest";
import { singularValueDecomposition } from "@semifactor/ghmm";
import { expect } from "vitest";
import { addEquation, noEquations } from "./row-compression.ts";

const system = fc
  .record({ rows: fc.integer({ min: 1, max: 12 }), columns: fc.integer({ min: 1, max: 6 }) })
  .chain(({ rows, columns }) =>
    fc
      .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
      .map((entries) => ({ rows, columns, entries: Float64Array.from(entries) })),
  );

test.prop([system], { numRuns: 50 })("the factor is triangular, with the Gram matrix of the equations", (one) => {
  const { rows, columns, entries } = one;
  const factor = noEquations(columns);
  for (let r = 0; r < rows; r++) addEquation(factor, entries.slice(r * columns, (r + 1) * columns));
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      if (i > j) expect(factor[i * columns + j]).toBe(0);
      let [expected, compressed] = [0, 0];
      for (let r = 0; r < rows; r++) expected += (entries[r * columns + i] ?? 0) * (entries[r * columns + j] ?? 0);
      for (let r = 0; r < columns; r++) compressed += (factor[r * columns + i] ?? 0) * (factor[r * columns + j] ?? 0);
      expect(compressed).toBeCloseTo(expected, 11);
    }
  }
});

test("small singular values are not squared away", () => {
  // the Gram matrix of these has a singular value of 1e-20, which is lost beside 1
  const rows = [
    [1, 1],
    [1, 1 + 1e-10],
    [1, 1],
  ];
  const factor = noEquations(2);
  for (const row of rows) addEquation(factor, Float64Array.from(row));
  const [compressed, whole] = [
    singularValueDecomposition(factor, [2, 2]).values[1] ?? 0,
    singularValueDecomposition(rows.flat(), [3, 2]).values[1] ?? 0,
  ];
  expect(compressed / whole).toBeCloseTo(1, 4);
  expect(compressed).toBeGreaterThan(1e-11);
});

test("equations of zeros and of denormal numbers add nothing", () => {
  const factor = noEquations(2);
  addEquation(factor, Float64Array.of(3, 4));
  const before = factor.slice();
  addEquation(factor, new Float64Array(2));
  addEquation(factor, Float64Array.of(1e-300, 0));
  expect(factor).toEqual(before);
});
