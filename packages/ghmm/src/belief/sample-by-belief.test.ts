import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed } from "../arbitraries/index.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { createHmm } from "../process/create.ts";
import { withStorage } from "../process/with-storage.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { filterBeliefs } from "./filter.ts";
import { sampleByBelief } from "./sample-by-belief.ts";
import { fillWords } from "./sample-range.ts";

const factor = mess3({ x: 0.15, a: 0.6 });
const signed = gaugeTransformed({ maxStates: 3, maxTokens: 2 }).map(({ ghmm }) => ghmm);
const products = fc
  .tuple(signed, signed)
  .map(([first, second]) => tensorProduct(factor, first, second, factor))
  .filter(({ storage }) => storage?.kind === "kronecker");

const range = (count: number, length: number, seed: number) => ({ count, length, key: createKey(seed), firstIndex: 0 });

describe("sampleByBelief", () => {
  test.prop([products, fc.nat(1000)], { numRuns: 10 })(
    "draws through the factors what it draws from the joint distribution",
    (product, seed) => {
      const [own, joint] = [new Int32Array(60), new Int32Array(60)];
      sampleByBelief(product, range(6, 10, seed), own);
      sampleByBelief(withStorage(product, "dense"), range(6, 10, seed), joint);
      // a draw within rounding of a bound, about one in 10^6, would change the rest of its sequence
      expect(own).toEqual(joint);
    },
  );

  test("draws no joint token that is impossible, though its parts are possible", () => {
    // The first word falls into the cell of the joint token (1, 0), of probability 10^-13.
    const words = new Uint32Array(2);
    fillWords(createKey(3), 0, 1, words);
    const place = ((words[1] ?? 0) + 0.5) / 2 ** 32;
    const before = place - 5e-14;
    const first = createHmm({ operators: [[[before]], [[1e-7]], [[1 - before - 1e-7]]] });
    const second = createHmm({ operators: [[[1e-6]], [[1 - 1e-6]]] });
    const product = {
      ...tensorProduct(first, second),
      storage: { kind: "kronecker", factors: [first, second] } as const,
    };
    const tokens = new Int32Array(1);
    sampleByBelief(product, range(1, 1, 3), tokens);
    expect(Array.from(tokens)).toEqual([before > 0.5 ? 1 : 5]);
    expect(filterBeliefs(product, { tokens, count: 1, length: 1 }).probabilities[0]).toBeGreaterThan(0.4);
  });

  test("names the factor that is no process", () => {
    const broken = {
      ...factor,
      operator: (token: number) => factor.operator(token).map((value) => (token === 0 ? -value : 2 * value)),
    };
    const product = {
      ...tensorProduct(factor, factor),
      storage: { kind: "kronecker", factors: [factor, broken] } as const,
    };
    expect(() => sampleByBelief(product, range(1, 2, 0), new Int32Array(2))).toThrow(
      "factor 1: token 0 has probability -0.33",
    );
  });
});
