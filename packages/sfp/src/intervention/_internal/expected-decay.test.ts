import { describe, expect, test } from "vitest";
import { type Change, expectedDecay } from "./expected-decay.ts";

const ones = (size: number) => new Float64Array(size).fill(1);

/** The first factor keeps its state with probability `keep[c]` more than by chance; the second moves between two states. */
function netOf(dA: number, keep: readonly [number, number], other: readonly [number, number]): Float64Array {
  const d = 2 * dA;
  return Float64Array.from({ length: d * d }, (_, i) => {
    const [from, to] = [Math.floor(i / d), i % d];
    const [a, c, aTo, cTo] = [from >> 1, from & 1, to >> 1, to & 1];
    const mu = keep[c] ?? 0;
    const stay = other[c] ?? 0;
    return (mu * Number(a === aTo) + (1 - mu) / dA) * (c === cTo ? stay : 1 - stay);
  });
}

function given(parts: Partial<Change> & Pick<Change, "net">, dA = 2): Change {
  const change = new Float64Array(2 * dA);
  change[0] = -1;
  change[2] = 1;
  return { dimensions: [dA, 2], change, normalizers: [ones(dA), ones(2)], horizon: 6, ...parts };
}

describe("expectedDecay", () => {
  test("the memory of each state of the other factor, multiplied along its path", () => {
    // c alternates 0, 1, 0, 1, ...
    const found = expectedDecay(given({ net: netOf(2, [1, 0.5], [0, 0]) }));
    expect(found?.kind).toBe("memory");
    expect(Array.from(found?.memory ?? [])).toEqual([1, 0.5]);
    expect(Array.from(found?.factor ?? [])).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]);
    expect(found?.rate).toBeCloseTo(Math.SQRT1_2, 12);
  });

  test("on average over the paths of a random one: brute force", () => {
    const [keep, other] = [[0.9, 0.2] as const, [0.7, 0.4] as const];
    const found = expectedDecay(given({ net: netOf(3, keep, other) }, 3));
    for (let t = 0; t <= 6; t++) {
      let expected = 0;
      for (let path = 0; path < 2 ** t; path++) {
        let [weight, c] = [1, 0];
        for (let step = 0; step < t; step++) {
          const next = (path >> step) & 1;
          const stay = other[c] ?? 0;
          weight *= (keep[c] ?? 0) * (next === c ? stay : 1 - stay);
          c = next;
        }
        expected += weight;
      }
      expect(found?.factor[t]).toBeCloseTo(expected, 13);
    }
  });

  test("negative memory: a factor that flips at every step", () => {
    const flip = expectedDecay(given({ net: netOf(2, [-1, -1], [0.5, 0.5]) }));
    expect(Array.from(flip?.factor ?? [])).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(flip?.rate).toBeCloseTo(1, 12);
  });

  test("a factor of three states that moves on its own, in different ways from different states", () => {
    const own = [0.8, 0.2, 0, 0.1, 0.8, 0.1, 0, 0.5, 0.5];
    const net = Float64Array.from({ length: 36 }, (_, i) => {
      const [from, to] = [Math.floor(i / 6), i % 6];
      return (own[(from >> 1) * 3 + (to >> 1)] ?? 0) / 2;
    });
    const found = expectedDecay(given({ net, horizon: 40 }, 3));
    expect(found).toMatchObject({ kind: "autonomous" });
    const [late = 0, later = 0] = [found?.factor[39], found?.factor[40]];
    expect(later / late).toBeCloseTo(found?.rate ?? 0, 8);
    expect(found?.factor[1]).toBeCloseTo((0.7 + 0.6 + 0.1) / 2, 12); // rows (.8, .2, 0) and (.1, .8, .1)
  });

  test("nothing where neither factor moves on its own, or there is nothing to change", () => {
    const net = Float64Array.of(1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0); // (0,1) <-> (1,1)
    const moved = netOf(2, [0.5, 0.5], [0.5, 0.5]).map((value, i) => (value + (net[i] ?? 0)) / 2);
    const bent = Float64Array.from(moved);
    bent[0] = (bent[0] ?? 0) + 0.1;
    bent[3] = (bent[3] ?? 0) - 0.1;
    expect(expectedDecay(given({ net: bent }))).toBeUndefined();
    expect(
      expectedDecay({
        dimensions: [1, 2],
        net: Float64Array.of(0.5, 0.5, 0.5, 0.5),
        change: new Float64Array(2),
        normalizers: [ones(1), ones(2)],
        horizon: 1,
      }),
    ).toBeUndefined();
  });

  test("a change that moves the other factor too has no memory formula", () => {
    const net = netOf(2, [1, 0.5], [0, 0]);
    expect(expectedDecay(given({ net, change: Float64Array.of(-1, 0, 0, 1) }))).toBeUndefined();
  });
});
