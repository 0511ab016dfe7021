import { describe, expect, test } from "vitest";
import { kronecker } from "../../numeric/matrix.ts";
import { chooseStorage, countNonZero } from "./choose.ts";

describe("chooseStorage", () => {
  test("chosen: dense, sparse below a quarter, blocks when they are full", () => {
    const quarter = Float64Array.of(1, 0, 0, 0);
    expect(chooseStorage([quarter, quarter], 2).description.kind).toBe("sparse");
    expect(chooseStorage([quarter, Float64Array.of(0, 1, 1, 0)], 2).description.kind).toBe("dense");
    const two = kronecker(Float64Array.of(1, 0, 0, 1), 2, Float64Array.of(1, 2, 3, 4), 2);
    expect(chooseStorage([two], 4).description).toEqual({
      kind: "blocks",
      blocks: [Uint32Array.of(0, 1), Uint32Array.of(2, 3)],
    });
    const diagonal = Float64Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0));
    expect(chooseStorage([diagonal], 5).description).toEqual({ kind: "sparse", nonZero: 5 });
  });

  test("counts the entries of all operators", () => {
    expect(countNonZero([Float64Array.of(1, 0), Float64Array.of(0, -2)])).toBe(2);
  });
});
