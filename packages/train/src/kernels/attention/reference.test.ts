import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { attentionCase } from "../_testing/attention-cases.ts";
import { fillNormal, largestError, type NamedArena, namedArena } from "../_testing/named-call.ts";

interface Shape {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly length: number;
  readonly dh: number;
  readonly window: number;
  readonly scale: number;
  readonly softCap: number;
}

const runs = { numRuns: 40 };
const gradients = ["dQ", "dK", "dV"] as const;

/** Random queries, keys, values and upstream gradient, then attention and its backward pass. */
function attend(s: Shape, seed: number, change: (arena: NamedArena) => void = () => {}): NamedArena {
  const rows = s.batch * s.length;
  const [queries, keys] = [rows * s.heads * s.dh, rows * s.kvHeads * s.dh];
  const arena = namedArena({
    ...{ q: queries, k: keys, v: keys, dOut: queries, probs: s.batch * s.heads * s.length ** 2, out: queries },
    ...{ dQ: queries, dK: keys, dV: keys },
  });
  for (const [i, name] of ["q", "k", "v", "dOut"].entries()) fillNormal(arena.values(name), Math.abs(seed % 1e6) + i);
  change(arena);
  arena.call("attention_forward", { ...s });
  arena.call("attention_backward", { ...s });
  return arena;
}

/** The same vectors with key and value heads repeated, one for each query head. */
function repeatHeads(from: NamedArena, to: NamedArena, s: Shape): void {
  for (const name of ["q", "dOut"]) to.values(name).set(from.values(name));
  for (const name of ["k", "v"]) {
    for (let at = 0; at < s.batch * s.length * s.heads; at++) {
      const [row, head] = [Math.floor(at / s.heads), at % s.heads];
      const start = (row * s.kvHeads + Math.floor((head * s.kvHeads) / s.heads)) * s.dh;
      to.values(name).set(from.values(name).subarray(start, start + s.dh), at * s.dh);
    }
  }
}

describe("attention", () => {
  test.prop([attentionCase], runs)("is the softmax of the seen scores times the values, computed directly", (s) => {
    const arena = attend(s, s.seed);
    const [q, k, v] = [arena.values("q"), arena.values("k"), arena.values("v")];
    const probs = arena.values("probs");
    for (let b = 0; b < s.batch; b++) {
      for (let h = 0; h < s.heads; h++) {
        const kvHead = Math.floor(h / (s.heads / s.kvHeads));
        const query = (i: number, c: number): number => q[((b * s.length + i) * s.heads + h) * s.dh + c] ?? Number.NaN;
        const place = (j: number, c: number): number => ((b * s.length + j) * s.kvHeads + kvHead) * s.dh + c;
        for (let i = 0; i < s.length; i++) {
          const weights = Array.from({ length: s.length }, (_, j) => {
            if (j > i || (s.window > 0 && i - j >= s.window)) return 0;
            let score = 0;
            for (let c = 0; c < s.dh; c++) score += s.scale * query(i, c) * (k[place(j, c)] ?? Number.NaN);
            return Math.exp(s.softCap > 0 ? s.softCap * Math.tanh(score / s.softCap) : score);
          });
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const expected = weights.map((weight) => weight / total);
          const row = ((b * s.heads + h) * s.length + i) * s.length;
          expect(largestError(probs.subarray(row, row + s.length), expected)).toBeLessThan(1e-12);
          for (let c = 0; c < s.dh; c++) {
            const sum = expected.reduce((partial, weight, j) => partial + weight * (v[place(j, c)] ?? Number.NaN), 0);
            expect(arena.values("out")[((b * s.length + i) * s.heads + h) * s.dh + c]).toBeCloseTo(sum, 10);
          }
        }
      }
    }
  });

  test.prop([attentionCase], runs)("grouped queries are repeated key and value heads, whose gradients add up", (s) => {
    const grouped = attend(s, s.seed);
    const repeated = attend({ ...s, kvHeads: s.heads }, s.seed, (arena) => repeatHeads(grouped, arena, s));
    expect(repeated.values("out")).toEqual(grouped.values("out"));
    expect(repeated.values("dQ")).toEqual(grouped.values("dQ"));
    for (const name of ["dK", "dV"] as const) {
      const sums = new Float64Array(grouped.values(name).length);
      for (const [at, value] of repeated.values(name).entries()) {
        const [head, c] = [Math.floor(at / s.dh), at % s.dh];
        const [row, h] = [Math.floor(head / s.heads), head % s.heads];
        const target = (row * s.kvHeads + Math.floor((h * s.kvHeads) / s.heads)) * s.dh + c;
        sums[target] = (sums[target] ?? 0) + value;
      }
      expect(largestError(grouped.values(name), sums)).toBeLessThan(1e-12);
    }
  });

  test.prop([attentionCase], runs)("a window as long as the sequence is no window; one of 1 copies the values", (s) => {
    const without = attend({ ...s, window: 0 }, s.seed);
    const wide = attend({ ...s, window: s.length }, s.seed);
    for (const name of ["probs", "out", ...gradients]) expect(wide.values(name)).toEqual(without.values(name));
    const narrow = attend({ ...s, kvHeads: s.heads, window: 1 }, s.seed);
    expect(narrow.values("out")).toEqual(narrow.values("v"));
    expect(narrow.values("dV")).toEqual(narrow.values("dOut"));
    expect(largestError(narrow.values("dQ"), new Float64Array(narrow.values("dQ").length))).toBe(0);
  });

  test.prop([attentionCase], runs)("a high cap changes next to nothing; a low one makes the pattern uniform", (s) => {
    const without = attend({ ...s, softCap: 0 }, s.seed);
    const high = attend({ ...s, softCap: 1e6 }, s.seed);
    for (const name of ["probs", "out", ...gradients]) {
      expect(largestError(high.values(name), without.values(name))).toBeLessThan(1e-8);
    }
    const low = attend({ ...s, softCap: 1e-9 }, s.seed);
    for (const [at, p] of low.values("probs").entries()) {
      const [i, j] = [Math.floor(at / s.length) % s.length, at % s.length];
      const seen = s.window > 0 ? Math.min(i + 1, s.window) : i + 1;
      expect(p).toBeCloseTo(j <= i && i - j < seen ? 1 / seen : 0, 8);
    }
  });

  test.prop([attentionCase], runs)("what comes later changes nothing before it", (s) => {
    const cut = Math.floor(s.length / 2);
    const before = attend(s, s.seed);
    const after = attend(s, s.seed, (arena) => {
      for (const name of ["q", "k", "v"]) {
        const values = arena.values(name);
        const row = values.length / (s.batch * s.length);
        for (let b = 0; b < s.batch; b++) values.fill(7, (b * s.length + cut) * row, (b + 1) * s.length * row);
      }
    });
    const row = s.heads * s.dh;
    for (let b = 0; b < s.batch; b++) {
      const range = [b * s.length * row, (b * s.length + cut) * row] as const;
      expect(after.values("out").subarray(...range)).toEqual(before.values("out").subarray(...range));
    }
  });
});
