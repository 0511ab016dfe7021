import fc from "fast-check";
import { expect, test } from "vitest";
import { count } from "./_testing/count.ts";
import { alignmentAndCapability, blockPartition } from "./partitions.ts";

test("partitions of every kind are made", () => {
  for (const kind of ["sector", "graph", "cell"] as const) {
    expect(count(blockPartition(), (blocks) => blocks.kind === kind)).toBeGreaterThan(10);
  }
});

test("every state is in one of at least two blocks", () => {
  fc.assert(
    fc.property(blockPartition(), ({ blocks, blockOf, structure }) => {
      expect(blocks.length).toBeGreaterThanOrEqual(2);
      expect(blockOf.length).toBe(structure.stateDim);
      expect(blockOf.every((block) => block >= 0 && block < blocks.length)).toBe(true);
    }),
  );
});

test("alignment is the slow factor", () => {
  expect(alignmentAndCapability(2, 3).factors.map(({ name, dimension }) => [name, dimension])).toEqual([
    ["alignment", 2],
    ["capability", 3],
  ]);
});
