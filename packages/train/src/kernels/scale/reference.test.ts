import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { fillNormal, namedArena } from "../_testing/named-call.ts";

test.prop([fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(-3, 0, 0.5, 1)])(
  "scale multiplies exactly n elements",
  (n, seed, factor) => {
    const arena = namedArena({ x: n + 2 });
    fillNormal(arena.values("x"), seed);
    const before = [...arena.values("x")];
    arena.call("scale", { n, factor });
    expect([...arena.values("x")]).toEqual(before.map((value, i) => (i < n ? value * factor : value)));
  },
);
