import { changeBasis, createHmm, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockDiagonalHmm } from "../arbitraries/_internal/block-diagonal-hmm.ts";
import { blockPartition } from "../arbitraries/partitions.ts";
import { leakySector } from "../families/leaky-sector.ts";
import { blockLeakage } from "./block-leakage.ts";
import { partition } from "./partition.ts";
import { tensorStructure } from "./tensor-structure.ts";

const leaks = fc.double({ min: 1e-6, max: 1, noNaN: true });

/** A partition of the states of a chain into single states, and the chain as a process of one token. */
function chain(rows: readonly (readonly number[])[], initial: readonly number[]) {
  const structure = tensorStructure({
    factors: [
      { name: "state", dimension: rows.length },
      { name: "none", dimension: 1 },
    ],
  });
  return { process: createHmm({ operators: [rows], initial }), partition: partition({ structure, blocks: "sectors" }) };
}

describe("blockLeakage", () => {
  test("golden: closed forms of the leaky persona", () => {
    // theory notes 2.7: the largest entry is .3 lambda at the semi parameters; a redrawn label is the other one half of the time
    fc.assert(
      fc.property(leaks, (leak) => {
        const { process, partition: sectors } = leakySector({ leak });
        const { largest, entries, flow, retention, residence, secondEigenvalue, weights, from } = blockLeakage(
          process,
          sectors,
        );
        expect(from).toBe("stationary");
        expect(largest.defect).toBeCloseTo(0.3 * leak, 14);
        expect(Math.max(entries[1] ?? 0, entries[2] ?? 0)).toBe(largest.defect);
        for (const beta of [0, 1]) {
          expect(weights[beta]).toBeCloseTo(0.5, 12);
          expect(retention[beta]).toBeCloseTo(1 - leak / 6, 12);
          expect(flow[2 * beta + 1 - beta]).toBeCloseTo(leak / 6, 12);
          expect((residence[beta] ?? 0) * leak).toBeCloseTo(6, 8);
        }
        expect(secondEigenvalue).toBeCloseTo(1 - leak / 3, 9);
      }),
      { numRuns: 40 },
    );
  });

  test("golden: a step out of SR leaves the persona with probability lambda / 2, others never", () => {
    fc.assert(
      fc.property(leaks, (leak) => {
        const { process, partition: sectors } = leakySector({ leak });
        [0, 0, leak / 2].forEach((expected, phase) => {
          const initial = Float64Array.from({ length: 6 }, (_, s) => (s % 3 === phase ? 0.5 : 0));
          const { flow, from } = blockLeakage({ ...process, initial }, sectors, { from: "initial" });
          expect(from).toBe("initial");
          expect(flow[1]).toBeCloseTo(expected, 14);
          expect(flow[2]).toBeCloseTo(expected, 14);
        });
      }),
      { numRuns: 20 },
    );
  });

  test("the largest entry stands where it says", () => {
    const { process, partition: sectors } = leakySector({ leak: 0.5 });
    const { token, row, column, defect } = blockLeakage(process, sectors).largest;
    expect(process.operator(token)[6 * row + column]).toBe(defect);
    expect(sectors.blockOf[row]).not.toBe(sectors.blockOf[column]);
  });

  test("conserved blocks: no flow, endless residence, second eigenvalue 1; one leak shows in one place", () => {
    fc.assert(
      fc.property(blockPartition(), fc.nat(1000), fc.constantFrom(0, 1e-3), (blocks, seed, leak) => {
        const process = blockDiagonalHmm(blocks, 2, seed, leak);
        const { largest, entries, flow, retention, residence, secondEigenvalue } = blockLeakage(process, blocks, {
          from: leak === 0 ? "stationary" : "initial",
        });
        const n = blocks.blocks.length;
        expect(largest.defect).toBe(leak);
        for (let i = 0; i < n; i++) {
          const row = Array.from(flow.subarray(i * n, (i + 1) * n));
          expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
          if (leak === 0) expect([retention[i], residence[i]]).toEqual([expect.closeTo(1, 10), Infinity]);
        }
        const crossing = Array.from(entries).filter((entry, i) => entry > 0 && Math.floor(i / n) !== i % n);
        expect(crossing).toEqual(leak === 0 ? [] : [leak]);
        if (leak === 0) expect(secondEigenvalue).toBeCloseTo(1, 9);
        else expect(Array.from(residence).filter(Number.isFinite).length).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test("of single states it is the chain itself: flows are its probabilities", () => {
    const rows = [
      [0.5, 0.25, 0.25],
      [0, 0.75, 0.25],
      [0.5, 0.5, 0],
    ];
    const { process, partition: states } = chain(rows, [1, 0, 0]);
    const { flow, residence, secondEigenvalue, weights } = blockLeakage(process, states);
    expect(Array.from(flow)).toEqual(rows.flat().map((value) => expect.closeTo(value, 14)));
    expect(Array.from(residence)).toEqual([2, 4, 1].map((value) => expect.closeTo(value, 12)));
    // 1, 1/2, -1/4: trace 5/4, determinant -1/8
    expect(secondEigenvalue).toBeCloseTo(0.5, 9);
    expect(weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  });

  test("blocks that the long run leaves, or never sees, still have flows", () => {
    const rows = [
      [0.5, 0.5, 0],
      [0, 1, 0],
      [0.25, 0.25, 0.5],
    ];
    const { process, partition: states } = chain(rows, [1, 0, 0]);
    const { flow, weights, retention } = blockLeakage(process, states);
    expect(Array.from(weights)).toEqual([0, 1, 0]);
    expect(Array.from(flow)).toEqual(rows.flat());
    expect(Array.from(retention)).toEqual([0.5, 1, 0.5]);
  });

  test("a block that is left for good: the mean stay counts all of its states", () => {
    // one step, then 2 on average
    const rows = [
      [0, 1, 0],
      [0, 0.5, 0.5],
      [0, 0, 1],
    ];
    const { process, partition: states } = chain(rows, [1, 0, 0]);
    const blocks = partition({ structure: states.structure, blocks: [[[0, 0], [1, 0]], [[2, 0]]] }); // biome-ignore format: one line
    const { residence, retention, secondEigenvalue, weights } = blockLeakage(process, blocks);
    expect(residence[0]).toBeCloseTo(3, 12);
    expect(retention[0]).toBeCloseTo(2 / 3, 12);
    expect(residence[1]).toBe(Number.POSITIVE_INFINITY);
    expect(secondEigenvalue).toBeCloseTo(2 / 3, 9);
    expect(Array.from(weights)).toEqual([0, 1]);
    // left and entered again: b, then c or back to a
    const again = [
      [0, 1, 0],
      [0.25, 0, 0.75],
      [0, 0, 1],
    ];
    const { process: back, partition: single } = chain(again, [1, 0, 0]);
    expect(Array.from(blockLeakage(back, single).residence)).toEqual([1, 1, Number.POSITIVE_INFINITY]);
  });

  test("property: from a passing block of any chain, stays last as long as paths are counted to", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (draws) => {
          // states 0, 1 in one block, 2 in another, 3 absorbs
          const law = (from: number) => {
            const row = draws.slice(4 * from, 4 * from + 4);
            const total = row.reduce((sum, value) => sum + value, 0);
            return row.map((value) => value / total);
          };
          const rows = [law(0), law(1), law(2), [0, 0, 0, 1]];
          const { process, partition: states } = chain(rows, [0.5, 0.25, 0.25, 0]);
          const cells = [[[0, 0], [1, 0]], [[2, 0]], [[3, 0]]]; // biome-ignore format: one line
          const { residence } = blockLeakage(process, partition({ structure: states.structure, blocks: cells }));
          let at = Float64Array.from(process.initial);
          let [spent, left] = [0, 0];
          for (let t = 0; t < 2000; t++) {
            const next = new Float64Array(4);
            rows.forEach((row, from) => {
              row.forEach((p, to) => {
                next[to] = (next[to] ?? 0) + (at[from] ?? 0) * p;
                if (from < 2 && to >= 2) left += (at[from] ?? 0) * p;
              });
            });
            spent += (at[0] ?? 0) + (at[1] ?? 0);
            at = next;
          }
          expect(residence[0]).toBeCloseTo(spent / left, 9);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("in another basis flows from the initial state are the same", () => {
    const { process, partition: sectors } = leakySector({ leak: 0.4 });
    const [a, b] = [2, 0.5];
    const scaled = changeBasis(
      process,
      [a, a, a, b, b, b].map((value, i) => Array.from({ length: 6 }, (_, j) => (i === j ? value : 0))),
    );
    const plain = blockLeakage(process, sectors, { from: "initial" }).flow;
    const turned = blockLeakage({ ...scaled, certificate: { kind: "similar-to-hmm", hmm: process } }, sectors);
    expect(turned.from).toBe("initial");
    turned.flow.forEach((value, i) => {
      expect(value).toBeCloseTo(plain[i] ?? Number.NaN, 12);
    });
  });

  test("refuses other sizes, unknown choices, and long runs of what has no hidden states", () => {
    const { process, partition: sectors } = leakySector({ leak: 0.4 });
    const { process: small } = chain(
      [
        [0, 1],
        [1, 0],
      ],
      [1, 0],
    );
    expect(() => blockLeakage(small, sectors)).toThrow(ShapeError);
    expect(() => blockLeakage(small, sectors)).toThrow("the partition is of 6 states and the process has 2");
    const signed = { ...process, certificate: { kind: "similar-to-hmm", hmm: process } } as const;
    expect(() => blockLeakage(signed, sectors, { from: "stationary" })).toThrow(InvalidArgumentError);
    // @ts-expect-error no such choice
    expect(() => blockLeakage(process, sectors, { from: "later" })).toThrow('from is "later"');
  });
});
