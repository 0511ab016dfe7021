import fc from "fast-check";
import { expect, test } from "vitest";
import { markedSectors } from "./marked-sectors.ts";

const sum = (values: Iterable<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

test("in every state the mark is one with a probability that only its sector has", () => {
  fc.assert(
    fc.property(markedSectors, (process) => {
      const { stateDim, partition, alphabet } = process;
      expect(process.kind).toBe("sector");
      expect(alphabet.length).toBe(4);
      const row = (token: number, s: number) => process.operator(token).subarray(s * stateDim, (s + 1) * stateDim);
      const count = partition.blocks.length;
      for (let s = 0; s < stateDim; s++) {
        const marked = sum(row(2, s)) + sum(row(3, s));
        expect(marked + sum(row(0, s)) + sum(row(1, s))).toBeCloseTo(1, 12);
        // sector beta has the middle third of [beta, beta + 1] / count
        const beta = partition.blockOf[s] ?? -1;
        expect(marked * count).toBeGreaterThan(beta + 0.35 - 1e-9);
        expect(marked * count).toBeLessThan(beta + 0.65 + 1e-9);
      }
    }),
    { numRuns: 30 },
  );
});

test("given the state, the mark is independent of the other part of the token and of the next state", () => {
  fc.assert(
    fc.property(markedSectors, (process) => {
      const { stateDim } = process;
      for (let s = 0; s < stateDim; s++) {
        const odds = [0, 1].flatMap((y) => {
          const [blank, marked] = [process.operator(y), process.operator(2 + y)];
          return Array.from({ length: stateDim }, (_, to) => s * stateDim + to)
            .filter((i) => (blank[i] ?? 0) > 0)
            .map((i) => (marked[i] ?? 0) / (blank[i] ?? 0));
        });
        expect(odds.length).toBeGreaterThan(0);
        for (const value of odds) expect(value / (odds[0] ?? 0)).toBeCloseTo(1, 10);
      }
    }),
    { numRuns: 30 },
  );
});

test("sectors of one state and of two occur, over two and three states of the other factor", () => {
  const processes = fc.sample(markedSectors, { numRuns: 60, seed: 1 });
  const shapes = processes.map(({ partition }) => partition.blocks.map(({ states }) => states.length).join());
  expect(new Set(shapes)).toEqual(new Set(["2,2", "3,3", "2,2,2", "3,3,3", "4,2", "6,3"]));
});
