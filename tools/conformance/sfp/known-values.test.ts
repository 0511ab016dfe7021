import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../sources.ts";
import { mismatch } from "../compare.ts";
import type { Json, VectorFile } from "../vector.ts";

const file = JSON.parse(readFileSync(join(root, "conformance", "sfp.json"), "utf8")) as VectorFile;

const log2 = Math.log2;
const h2 = (p: number) => -p * log2(p) - (1 - p) * log2(1 - p);

describe("known values of semi-factored vectors", () => {
  // of the theory notes, or derived by hand: a change of the library cannot move them
  test.each<[id: string, field: string, value: Json, error?: number]>([
    ["D47/three", "index", 7],
    [
      "D50/difference",
      "states",
      [
        [0, 4, 8],
        [2, 3, 7],
        [1, 5, 6],
      ],
    ],
    // 0.3 lambda at the parameters of `semi`
    ["D51/tolerance", "defect", 0.09],
    // redrawn on a third of all steps, and then to the other label half of the time
    ["D52/leaky", "residence", [20, 20]],
    ["D55/p6-factored", "logOdds", [0, log2(3), 2 * log2(3), log2(3)]],
    // theory notes 2.6: 1 - alpha / 2 after evidence from one context, which does not tell shared from independent bits
    ["D62/24-narrow", "misaligned", [1, ...new Array<number>(23).fill(1 - 0.25 / 2)]],
    ["D62/24-narrow", "hypotheses", [0, 0.75, 0.25]],
    // theory notes, T14
    ["D63/mess3", "commutantDimension", 1],
    ["D63/golden-even", "commutantDimension", 1],
    ["D63/z9-rebased", "commutantDimension", 3],
    ["D63/p6-copies", "commutantDimension", 5],
    // theory notes 2.5
    ["D64/p6-semi", "entropy", 0.101, 5e-5],
    ["D64/p6-semi", "rank", 2],
    ["D64/p6-factored", "rank", 1],
    ["D65/sum", "residual", 1],
    ["D66/p6-factored", "fbar", 1],
    // theory notes 2.6b
    ["D66/pm", "fbar", 1 - 0.19534, 6e-6],
    ["D67/z9", "probabilities", [1 / 4 + 1 / 9, 1 / 4]],
    ["D68/p6-factored", "information", [0, 0, 0, 0]],
    // theory notes, T21e: the Schmidt entropy rises when two states are merged, and the information falls
    ["D71/merge", "entropy", 1.041396],
    ["D71/merged", "entropy", 1.087329],
    ["D77/merge", "information", 0.663028],
    ["D77/nats", "information", h2(0.25) * Math.LN2],
    ["D76/bell", "negativity", 0.5],
    ["D76/werner", "negativity", (3 * 0.75 - 1) / 4],
    ["D78/bell", "information", 2],
    ["D80/werner", "concurrence", (3 * 0.75 - 1) / 2],
    ["D80/bell", "entanglementOfFormation", 1],
    ["D81/bell", "ccnr", 2],
    // published: the state of the tiles
    ["D81/tiles", "ccnr", 1.0874, 5e-5],
    ["D84/2-2", "entropy", 1 / 3],
    ["D88/p6", "weights", [0.1, 0.9]],
  ])("%s %s", (id, field, value, error = 6e-7) => {
    const vector = file.vectors.find((each) => each.id === id);
    expect(mismatch(vector?.expected[field], value, { absolute: error, relative: 0 })).toBe(undefined);
  });
});
