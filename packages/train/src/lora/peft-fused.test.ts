import { fc, test } from "@fast-check/vitest";
import { createKey, normal } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { loraScaling } from "../model/lora-adapter.ts";
import { fuseUpdates, type LowRankUpdate, splitUpdate } from "./peft-fused.ts";

const nIn = 4;
const nOut = 3;
const places = [0, 1, 2].map((i) => ({ offset: i * nOut, nOut }));

/** s A B [nIn, columns]. */
function product({ rank, alpha, rsLora, a, b }: LowRankUpdate): readonly number[] {
  const columns = b.length / rank;
  const scaling = loraScaling({ rank, alpha, rsLora });
  return Array.from({ length: nIn * columns }, (_, at) => {
    const [i, o] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += (a[i * rank + r] ?? Number.NaN) * (b[r * columns + o] ?? Number.NaN);
    return scaling * sum;
  });
}

function update(rank: number, alpha: number, rsLora: boolean, seed: number): LowRankUpdate {
  const draws = Float32Array.from(normal(createKey(seed), rank * (nIn + nOut)));
  return { rank, alpha, rsLora, a: draws.slice(0, rank * nIn), b: draws.slice(rank * nIn) };
}

const updates = fc.array(
  fc.option(
    fc.record({ rank: fc.integer({ min: 1, max: 4 }), alpha: fc.integer({ min: 0, max: 5 }), rsLora: fc.boolean() }),
    { nil: undefined },
  ),
  { minLength: 3, maxLength: 3 },
);

function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const errors = actual.map((x, i) => Math.abs(x - (expected[i] ?? Number.NaN)));
  expect(Math.max(...errors)).toBeLessThan(1e-5);
}

describe("adapters of layers side by side", () => {
  test.prop([updates, fc.nat()])(
    "fused they are the updates side by side, split again the updates",
    (choices, seed) => {
      const own = choices.map((one, i) => one && update(one.rank, one.alpha, one.rsLora, seed + i));
      const parts = own.flatMap((one, i) => {
        const place = places[i];
        return one === undefined || place === undefined ? [] : [{ ...one, ...place }];
      });
      if (parts.length === 0) return;
      const fused = fuseUpdates(parts, { nIn, nOut: 3 * nOut });
      const all = product(fused);
      const split = splitUpdate(fused, nIn, places);
      for (const [p, { offset }] of places.entries()) {
        const one = own[p];
        const columns = all.filter((_, at) => Math.floor((at % (3 * nOut)) / nOut) === p);
        expect(offset).toBe(p * nOut);
        const expected = one === undefined ? new Array<number>(nIn * nOut).fill(0) : product(one);
        close(columns, expected);
        const part = split[p];
        close(part === undefined ? new Array<number>(nIn * nOut).fill(0) : product(part), expected);
      }
    },
  );

  test("the ranks add up, and come apart", () => {
    const parts = [1, 3, 2].map((rank, i) => ({
      ...update(rank, rank, false, i),
      ...(places[i] ?? { offset: 0, nOut }),
    }));
    const fused = fuseUpdates(parts, { nIn, nOut: 3 * nOut });
    expect(fused.rank).toBe(6);
    expect(splitUpdate(fused, nIn, places).map((part) => part?.rank)).toEqual([1, 3, 2]);
  });

  test("one adapter of all layers stays one of its rank, exactly", () => {
    const b = Float32Array.from(normal(createKey(5), 2 * 3 * nOut));
    const whole: LowRankUpdate = { rank: 2, alpha: 3, rsLora: true, a: update(2, 1, false, 1).a, b };
    const parts = splitUpdate(whole, nIn, places).flatMap((part, i) => {
      const place = places[i];
      return part === undefined || place === undefined ? [] : [{ ...part, ...place }];
    });
    expect(parts.map(({ rank, alpha }) => [rank, alpha])).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    const again = fuseUpdates(parts, { nIn, nOut: 3 * nOut });
    expect({ ...again, b: [...again.b] }).toEqual({ ...whole, b: [...b] });
  });

  test("a fresh adapter stays on every layer; zero components of a trained one go", () => {
    const fresh: LowRankUpdate = {
      rank: 2,
      alpha: 2,
      rsLora: false,
      a: update(2, 1, false, 1).a,
      b: new Float32Array(18),
    };
    expect(splitUpdate(fresh, nIn, places).map((part) => part?.rank)).toEqual([2, 2, 2]);
    const b = new Float32Array(18);
    b[4] = 1;
    const [q, k, v] = splitUpdate({ ...fresh, b }, nIn, places);
    expect([q, v]).toEqual([undefined, undefined]);
    expect(k).toMatchObject({ rank: 1, alpha: 1 });
  });
});
