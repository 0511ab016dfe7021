import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { wordsUpTo } from "../equivalence/_testing/words.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import { createGhmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { certified, coneProcess, expectLaw } from "./_testing/brute-force.ts";
import { tensorProduct } from "./tensor-product.ts";
import { withNoise } from "./with-noise.ts";

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe("withNoise", () => {
  test.prop([hmm({ maxStates: 3, maxTokens: 3, stationary: false }), probability], { numRuns: 30 })(
    "a noisy word is any clean word, read through the channel token by token",
    (process, epsilon) => {
      const size = process.alphabet.length;
      const noisy = withNoise(process, { epsilon });
      expect([noisy.certificate.kind, noisy.stateDim]).toEqual(["hmm", process.stateDim]);
      const reads = (from: number, to: number) => (from === to ? 1 - epsilon : 0) + epsilon / size;
      expectLaw(noisy, 3, (word) =>
        wordsUpTo(size, word.length)
          .filter((clean) => clean.length === word.length)
          .reduce(
            (sum, clean) =>
              sum + clean.reduce((p, token, t) => p * reads(token, word[t] ?? 0), wordProbability(process, clean)),
            0,
          ),
      );
    },
  );

  test.prop([hmm({ maxTokens: 3 }), probability, probability], { numRuns: 30 })("channels compose", (process, a, b) => {
    const twice = withNoise(withNoise(process, { epsilon: a }), { epsilon: b });
    const once = withNoise(process, { epsilon: 1 - (1 - a) * (1 - b) });
    expectLaw(twice, 2, (word) => wordProbability(once, word));
  });

  test("a channel of its own", () => {
    const noisy = withNoise(mess3({ x: 0.15, a: 0.6 }), {
      channel: [
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ],
    });
    expect(wordProbability(noisy, [1, 2])).toBeCloseTo(wordProbability(mess3({ x: 0.15, a: 0.6 }), [0, 1]), 14);
  });

  test("noise on joint tokens correlates the factors", () => {
    const pair = withNoise(tensorProduct(coin({ p: 1 }), coin({ p: 1 })), { epsilon: 0.4 });
    const p = [0, 1, 2, 3].map((token) => wordProbability(pair, [token]));
    expect(p[0]).toBeCloseTo(0.7, 14);
    expect((p[0] ?? 0) * (p[3] ?? 0)).not.toBeCloseTo((p[1] ?? 0) * (p[2] ?? 0), 3);
  });

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 10 })(
    "certificates: a change of basis stays one",
    ({ ghmm }) => {
      const noisy = withNoise(ghmm, { epsilon: 0.2 });
      if (noisy.certificate.kind !== "similar-to-hmm") throw new Error(noisy.certificate.kind);
      const { hmm: clean } = noisy.certificate;
      expectLaw(noisy, 2, (word) => wordProbability(clean, word), 1e-8);
    },
  );

  test("certificates: cones and instruments stay, short words are tested again", () => {
    const cone = coneProcess();
    expect(withNoise(cone, { epsilon: 0.1 }).certificate).toEqual(cone.certificate);
    const kraus = { kind: "kraus", dimension: 1 } as const;
    expect(withNoise(certified(coin({ p: 0.5 }), kraus), { epsilon: 0.1 }).certificate).toEqual(kraus);
    const signed = createGhmm({
      operators: [
        [
          [0.4, 0.1],
          [0.2, 0.3],
        ],
        [
          [0.6, -0.1],
          [0.1, 0.4],
        ],
      ],
      initial: [0.5, 0.5],
    });
    expect(withNoise(signed, { epsilon: 0.5 }).certificate).toMatchObject({ kind: "unchecked", wordLength: 11 });
  });

  test("bad input", () => {
    const process = coin({ p: 0.5 });
    for (const epsilon of [-0.1, 1.1, Number.NaN]) {
      expect(() => withNoise(process, { epsilon })).toThrow(InvalidArgumentError);
    }
    expect(() => withNoise(process, { channel: [[1, 0]] })).toThrow(ShapeError);
    expect(() => withNoise(process, { channel: [[1, 0], [1]] })).toThrow("channel[1] has 1 entries");
    expect(() =>
      withNoise(process, {
        channel: [
          [1, 0],
          [0.5, 0.6],
        ],
      }),
    ).toThrow(NotNormalizedError);
    expect(() =>
      withNoise(process, {
        channel: [
          [2, -1],
          [0, 1],
        ],
      }),
    ).toThrow("channel[0][0] is 2");
    expect(() =>
      withNoise(process, {
        channel: [
          [Number.NaN, 1],
          [0, 1],
        ],
      }),
    ).toThrow(InvalidArgumentError);
  });

  test("lists with holes, and what is no list, are refused by name", () => {
    for (const channel of [null, "12", [null, [0, 1]], new Array(2)]) {
      expect(() => withNoise(coin({ p: 0.5 }), { channel: channel as never })).toThrow("withNoise: channel");
    }
  });
});
