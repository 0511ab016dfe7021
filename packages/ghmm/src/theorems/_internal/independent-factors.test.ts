import { test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { hmm } from "../../arbitraries/processes.ts";
import { changeBasis } from "../../compose/change-basis.ts";
import { tensorProduct } from "../../compose/tensor-product.ts";
import type { Process } from "../../process/process.ts";
import { withParts } from "../../process/with-parts.ts";
import { coin } from "../../processes/coin.ts";
import { mess3 } from "../../processes/mess3.ts";
import { tomQuantum } from "../../processes/tom-quantum.ts";
import { zeroOneRandom } from "../../processes/zero-one-random.ts";
import { independentFactors } from "./independent-factors.ts";
import { isExactly } from "./subject.ts";
import { operatorsOf } from "./words.ts";

const declared = (first: Process, second: Process) => ({
  factors: [first, second].map(({ stateDim, normalizer }, i) => ({ name: `f${i}`, dimension: stateDim, normalizer })),
  tokenSizes: [first, second].map(({ alphabet }) => alphabet.length),
});

function expectEqual(a: Process | undefined, b: Process): void {
  expect(a && isExactly(a.initial, b.initial) && isExactly(a.normalizer, b.normalizer)).toBe(true);
  operatorsOf(b).forEach((operator, x) => {
    expect(a && isExactly(a.operator(x), operator)).toBe(true);
  });
}

describe("independentFactors", () => {
  property.prop([hmm({ maxStates: 3 }), hmm({ maxStates: 3 })])("finds the factors of a product", (first, second) => {
    const found = independentFactors({ process: tensorProduct(first, second), ...declared(first, second) });
    expectEqual(found?.first, first);
    expectEqual(found?.second, second);
  });

  test("signed factors, whose normalizers are given", () => {
    const [first, second] = [
      changeBasis(zeroOneRandom({ p: 0.3 }), [
        [1, 2, 0],
        [0, 1, 0],
        [1, 0, 3],
      ]),
      tomQuantum({ alpha: 1, beta: 3 }),
    ];
    const found = independentFactors({ process: tensorProduct(first, second), ...declared(first, second) });
    expectEqual(found?.first, first);
    expectEqual(found?.second, second);
    expect(found?.first.certificate.kind).toBe("unchecked");
  });

  test("what a process is stored as is declared; of three factors two are one", () => {
    const factors = [1, 2, 3].map((i) => mess3({ x: 0.05 * i, a: 0.6 }));
    const [a = coin({ p: 0.5 }), b = a, c = a] = factors;
    const process = tensorProduct(a, b, c);
    expect(process.storage?.kind).toBe("kronecker");
    const found = independentFactors({ process });
    expectEqual(found?.first, a);
    expectEqual(found?.second, tensorProduct(b, c));
  });

  test("without factors, without tokens of their own, without a product there are none", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    const process = tensorProduct(z1r, z1r);
    const { factors, tokenSizes } = declared(z1r, z1r);
    expect(independentFactors({ process: z1r })).toBeUndefined();
    expect(independentFactors({ process, factors })).toBeUndefined();
    expect(independentFactors({ process, factors, tokenSizes })).toBeDefined();
    const initial = process.initial.map((_, s) => (s % 4 === 0 ? 1 / 3 : 0));
    expect(independentFactors({ process: withParts(process, { initial }), factors, tokenSizes })).toBeUndefined();
    // the same operators under other joint tokens
    const swapped = { ...process, operator: (x: number) => process.operator(x === 1 ? 2 : x === 2 ? 1 : x) };
    expect(independentFactors({ process: swapped, factors, tokenSizes })).toBeUndefined();
  });

  test("in another basis parts that are contracted out need not make a process: then there are none either", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    const shear = Array.from({ length: 9 }, (_, i) =>
      Array.from({ length: 9 }, (_, j) => (i === j ? 1 : i < j ? 2 : 0)),
    );
    const process = changeBasis(tensorProduct(z1r, z1r), shear);
    expect(independentFactors({ process, ...declared(z1r, z1r) })).toBeUndefined();
  });

  test("factors of another process are refused", () => {
    const z1r = zeroOneRandom({ p: 0.5 });
    const subject = { process: tensorProduct(z1r, coin({ p: 0.5 })), ...declared(z1r, z1r) };
    expect(() => independentFactors(subject)).toThrow("9 joint states and 4 joint tokens, the process 3 states");
  });
});
