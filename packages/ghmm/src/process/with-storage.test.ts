import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm, word } from "../arbitraries/index.ts";
import { beliefState } from "../belief/update.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { mess3 } from "../processes/mess3.ts";
import type { Process } from "./process.ts";
import { withStorage } from "./with-storage.ts";

const anyProcess: fc.Arbitrary<Process> = fc.oneof(
  hmm(),
  gaugeTransformed({ maxStates: 3 }).map(({ ghmm }) => ghmm),
  fc
    .tuple(hmm({ maxStates: 2 }), hmm({ maxStates: 2 }), hmm({ maxStates: 2 }))
    .map((factors) => tensorProduct(...factors)),
);

describe("withStorage", () => {
  test.prop([anyProcess.chain((process) => fc.tuple(fc.constant(process), word(process)))])(
    "beliefs agree to 1e-12 in every storage",
    ([process, tokens]) => {
      const expected = beliefState(process, tokens);
      const scale = Math.max(...expected.map(Math.abs));
      for (const kind of ["dense", "sparse", "blocks"] as const) {
        const stored = withStorage(process, kind);
        expect(stored.storage?.kind).toBe(kind);
        beliefState(stored, tokens).forEach((value, s) => {
          expect(Math.abs(value - (expected[s] ?? Number.NaN))).toBeLessThan(1e-12 * scale);
        });
      }
    },
  );

  test("refuses other words and what cannot be written out", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    // @ts-expect-error: not a kind of storage
    expect(() => withStorage(factor, "toString")).toThrow(InvalidArgumentError);
    const large = tensorProduct(factor, factor, factor, factor, factor, factor);
    expect(() => withStorage(large, "dense")).toThrow(UnsupportedError);
    expect(() => withStorage(large, "dense")).toThrow("the operators have 387420489 entries");
  });
});
