import { describe, expect, test } from "vitest";
import { invariantBlocks } from "./blocks.ts";

describe("invariantBlocks", () => {
  test("invariant blocks are the connected components of the entries of all operators together", () => {
    const first = Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0, 1);
    expect(invariantBlocks([first], 3).map((block) => Array.from(block))).toEqual([[0, 2], [1]]);
    const joins = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0);
    expect(invariantBlocks([first, joins], 3)).toHaveLength(1);
  });
});
