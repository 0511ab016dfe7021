import { describe, expect, test } from "vitest";
import { mess3 } from "../../processes/mess3.ts";
import { concatenate, directSumMaps } from "./direct-sum-maps.ts";
import { operatorMaps, transpose } from "./operator-maps.ts";
import { restrict } from "./restrict.ts";

const process = mess3({ x: 0.15, a: 0.6 });
const units = [0, 1, 2].map((i) => Float64Array.from({ length: 3 }, (_, s) => (s === i ? 1 : 0)));

describe("restrict", () => {
  test("to the whole space: the maps themselves, rows or columns", () => {
    const rows = restrict(operatorMaps("test", process, false), units);
    const columns = restrict(operatorMaps("test", process, true), units);
    expect(rows.residual).toBe(0);
    rows.matrices.forEach((matrix, token) => {
      expect(matrix).toEqual(process.operator(token));
      expect(columns.matrices[token]).toEqual(transpose(process.operator(token), 3));
    });
  });

  test("the residual says how far the images leave the space", () => {
    const { residual } = restrict(operatorMaps("test", process, false), units.slice(0, 1));
    const row = process.operator(1).subarray(0, 3);
    expect(residual).toBeCloseTo(Math.hypot(row[1] ?? 0, row[2] ?? 0), 14);
  });
});

describe("directSumMaps", () => {
  test("acts on each part as its own maps do", () => {
    const maps = operatorMaps("test", process, false);
    const sum = directSumMaps(maps, maps, 3);
    const out = new Float64Array(6);
    sum.apply(concatenate(units[0] ?? out, units[2] ?? out), 1, out);
    const operator = process.operator(1);
    expect(out).toEqual(concatenate(operator.slice(0, 3), operator.slice(6, 9)));
    expect(sum.norms[0]).toBeCloseTo(Math.SQRT2 * (maps.norms[0] ?? 0), 14);
  });
});
