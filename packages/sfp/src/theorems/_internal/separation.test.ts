import { createHmm } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../../_testing/words.ts";
import { alignmentAndCapability } from "../../arbitraries/partitions.ts";
import { blockProcess } from "../../structure/blocks.ts";
import { type SemiFactoredProcess, semiFactored } from "../../structure/semi-factored.ts";
import { markedSectors } from "./marked-sectors.ts";
import { separationRate } from "./separation.ts";

/** Each row is the law of a persona that draws its tokens independently. */
function draws(laws: readonly (readonly number[])[]): SemiFactoredProcess {
  const operators = (laws[0] ?? []).map((_, x) =>
    laws.map((law, s) => laws.map((__, to) => (s === to ? (law[x] ?? 0) : 0))),
  );
  const process = createHmm({ operators, initial: laws.map(() => 1 / laws.length) });
  return semiFactored({ process, structure: alignmentAndCapability(laws.length, 1), blocks: "sectors" });
}

const bias = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const coin = (p: number) => [p, 1 - p];
const affinity = (p: number, q: number) => Math.sqrt(p * q) + Math.sqrt((1 - p) * (1 - q));

describe("separationRate", () => {
  test("of two coins is their affinity", () => {
    fc.assert(
      fc.property(bias, bias, (p, q) => {
        expect(separationRate(draws([coin(p), coin(q)]))).toBeCloseTo(affinity(p, q), 12);
      }),
    );
  });

  test("of several coins is the affinity of the two that are closest", () => {
    fc.assert(
      fc.property(bias, bias, bias, (p, q, r) => {
        const expected = Math.max(affinity(p, q), affinity(q, r), affinity(p, r));
        expect(separationRate(draws([coin(p), coin(q), coin(r)]))).toBeCloseTo(expected, 12);
      }),
    );
  });

  test("of three tokens is that of the set that tells the laws apart best", () => {
    const [p, q] = [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]; // biome-ignore format: two laws
    const sets = [affinity(0.5, 0.1), affinity(0.3, 0.3), affinity(0.2, 0.6)];
    expect(separationRate(draws([p, q]))).toBeCloseTo(Math.min(...sets), 14);
  });

  test("bounds the affinity of the words of any two blocks (brute force)", () => {
    fc.assert(
      fc.property(markedSectors, fc.integer({ min: 1, max: 3 }), (process, length) => {
        const rho = separationRate(process);
        const laws = process.partition.blocks.map((_, beta) => {
          const words = wordsOfLength(blockProcess(process, beta), length);
          return new Map(words.map(({ tokens, probability }) => [tokens.join(), probability]));
        });
        laws.forEach((first, i) => {
          for (const second of laws.slice(0, i)) {
            let total = 0;
            for (const [word, p] of first) total += Math.sqrt(p * (second.get(word) ?? 0));
            expect(total).toBeLessThan(rho ** length + 1e-12);
          }
        });
        expect(rho).toBeLessThan(1);
      }),
      { numRuns: 20 },
    );
  });

  test("is 1 where no set tells two blocks apart, or there are more tokens than are tried", () => {
    expect(separationRate(draws([coin(0.3), coin(0.3), coin(0.9)]))).toBe(1);
    const wide = (tokens: number, at: number) =>
      Array.from({ length: tokens }, (_, x) => (x === at ? 0.5 : 0.5 / (tokens - 1)));
    expect(separationRate(draws([wide(10, 0), wide(10, 1)]))).toBeLessThan(0.9);
    expect(separationRate(draws([wide(11, 0), wide(11, 1)]))).toBe(1);
  });
});
