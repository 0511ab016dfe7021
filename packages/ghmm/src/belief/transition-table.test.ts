import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm } from "../arbitraries/index.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { buildTransitionTable, type TransitionTable, transitionTable } from "./transition-table.ts";

/** What a draw selects in a row of the table. */
function look(table: TransitionTable, row: number, draw: number): { token: number; next: number } {
  const bits = 32 - table.shift;
  let k = table.guide[(row << bits) + (draw >>> table.shift)] ?? 0;
  while ((draw ^ 0x80000000) > (table.last[k] ?? 0)) k++;
  return { token: table.token[k] ?? -1, next: (table.nextRow[k] ?? 0) >>> bits };
}

/** The definition: the first outcome, token-major, whose rounded cumulative bound exceeds the draw. */
function scan(process: Process, state: number, draw: number): { token: number; next: number } {
  const { stateDim } = process;
  const outcomes = process.alphabet.flatMap((_, token) =>
    Array.from({ length: stateDim }, (_, next) => ({
      token,
      next,
      weight: process.operator(token)[state * stateDim + next] ?? 0,
    })),
  );
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  let cumulative = 0;
  for (const { token, next, weight } of outcomes) {
    cumulative += weight;
    if (weight > 0 && draw < Math.round((cumulative / total) * 2 ** 32)) return { token, next };
  }
  const { token, next } = outcomes.findLast(({ weight }) => weight > 0) ?? { token: -1, next: -1 };
  return { token, next };
}

const draw = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.nat(1023).map((bucket) => bucket * 2 ** 22),
  fc.nat(1023).map((bucket) => bucket * 2 ** 22 + 2 ** 22 - 1),
);

describe("transition table", () => {
  test.prop([hmm({ stationary: false }), fc.array(draw, { minLength: 20, maxLength: 20 })])(
    "selects what a scan of the thresholds selects",
    (process, draws) => {
      const table = buildTransitionTable(process);
      for (let state = 0; state < process.stateDim; state++) {
        for (const u of draws) expect(look(table, state, u)).toEqual(scan(process, state, u));
      }
    },
  );

  test("is exact at a bound", () => {
    const table = buildTransitionTable(
      createHmm({
        operators: [[[0.3]], [[0.7]]],
      }),
    );
    const bound = Math.round(0.3 * 2 ** 32);
    expect(look(table, 0, bound - 1).token).toBe(0);
    expect(look(table, 0, bound).token).toBe(1);
    expect(look(table, 0, 2 ** 32 - 1).token).toBe(1);
  });

  test("an outcome whose last draw opens a bucket of the guide keeps it", () => {
    const p = (2 ** 22 + 1) / 2 ** 32;
    const table = buildTransitionTable(createHmm({ operators: [[[p]], [[1 - p]]] }));
    expect(look(table, 0, 2 ** 22).token).toBe(0);
    expect(look(table, 0, 2 ** 22 + 1).token).toBe(1);
  });

  test("draws half of the words for each random token of Z1R, and every word for a certain one", () => {
    const table = buildTransitionTable(zeroOneRandom({ p: 0.5 }));
    expect(look(table, 2, 2 ** 31 - 1)).toEqual({ token: 0, next: 0 });
    expect(look(table, 2, 2 ** 31)).toEqual({ token: 1, next: 0 });
    for (const u of [0, 2 ** 31, 2 ** 32 - 1]) expect(look(table, 0, u)).toEqual({ token: 0, next: 1 });
  });

  test("the last row draws the initial state", () => {
    const process = createHmm({
      operators: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      initial: [0.25, 0.75],
    });
    const table = buildTransitionTable(process);
    expect(table.initialRow).toBe(2 << (32 - table.shift));
    expect(look(table, 2, 2 ** 30 - 1).next).toBe(0);
    expect(look(table, 2, 2 ** 30).next).toBe(1);
  });

  test("an outcome of probability below 2^-33 has no draw", () => {
    const tiny = 2 ** -40;
    const table = buildTransitionTable(createHmm({ operators: [[[tiny]], [[1 - 2 * tiny]], [[tiny]]] }));
    expect(look(table, 0, 0).token).toBe(1);
    expect(look(table, 0, 2 ** 32 - 1).token).toBe(1);
  });

  test("many states get a smaller guide", () => {
    const states = 600;
    const cycle = Array.from({ length: states }, (_, s) =>
      Array.from({ length: states }, (_, next) => (next === (s + 1) % states ? 1 : 0)),
    );
    const initial = cycle[0]?.map((_, s) => (s === 0 ? 1 : 0)) ?? [];
    const table = buildTransitionTable(createHmm({ operators: [cycle], initial }));
    expect(table.guide.length).toBeLessThanOrEqual(2 ** 18);
    expect(look(table, 599, 12345)).toEqual({ token: 0, next: 0 });
  });

  test("is built once per process", () => {
    const process = zeroOneRandom({ p: 0.5 });
    expect(transitionTable(process)).toBe(transitionTable(process));
  });

  test("a process that is no HMM is refused instead of searched for ever", () => {
    const process = zeroOneRandom({ p: 0.5 });
    const nowhere = { ...process, initial: new Float64Array(3) };
    expect(() => buildTransitionTable(nowhere)).toThrow("the initial state has no outcome with a positive probability");
    const dead = { ...process, operator: () => Float64Array.of(0, 1, 0, Number.NaN, 0, 0, 0, 0, 1) };
    expect(() => buildTransitionTable(dead)).toThrow(InvalidArgumentError);
    expect(() => buildTransitionTable(dead)).toThrow("state 1 has no outcome");
  });
});
