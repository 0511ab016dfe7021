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
    // The third tokens, of probability 10^-4, are the likeliest to be drawn by the largest words; together they have 10^-20.
    const rare = createHmm({ operators: [[[0.5]], [[0.4999]], [[0.0001]]] });
    const five = tensorProduct(rare, rare, rare, rare, rare);
    const product = { ...five, storage: { kind: "kronecker", factors: [rare, rare, rare, rare, rare] } as const };
    const tokens = new Int32Array(4000);
    sampleByBelief(product, range(400, 10, 3), tokens);
    const { probabilities } = filterBeliefs(product, { tokens, count: 400, length: 10 });
    expect(probabilities.every((probability) => probability > 1e-12)).toBe(true);
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
