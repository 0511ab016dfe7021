import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { namedArena } from "../_testing/named-call.ts";

const shapes = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    length: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 5 }),
  })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      positions: fc.array(fc.nat(shape.length - 1), { minLength: 1, maxLength: 7 }),
    }),
  );

describe("gather_positions", () => {
  test.prop([shapes])(
    "dst[b, g, i, :] = src[b, g, positions[i], :], in any order and repeatedly",
    ({ shape, positions }) => {
      const { batch, groups, length, width } = shape;
      const count = positions.length;
      const arena = namedArena({
        src: batch * groups * length * width,
        positions: count,
        dst: batch * groups * count * width,
      });
      // Every element holds its own index.
      arena.values("src").set(arena.values("src").map((_, i) => i));
      arena.values("positions").set(positions);
      arena.call("gather_positions", { ...shape, count });
      const expected = Array.from({ length: batch * groups }, (_, r) =>
        positions.map((t) => Array.from({ length: width }, (_none, j) => (r * length + t) * width + j)),
      );
      expect([...arena.values("dst")]).toEqual(expected.flat(2));
    },
  );

  test("the last position of two sequences", () => {
    const arena = namedArena({ src: 12, positions: 1, dst: 4 });
    arena.values("src").set([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
    arena.values("positions").set([2]);
    arena.call("gather_positions", { batch: 2, groups: 1, length: 3, width: 2, count: 1 });
    expect([...arena.values("dst")]).toEqual([4, 5, 14, 15]);
  });
});
