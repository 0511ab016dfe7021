import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { sparseHmm } from "../arbitraries/index.ts";
import { mess3 } from "../processes/mess3.ts";
import { mixedStateTree } from "./mixed-state-tree.ts";
import { treeToJson } from "./tree-json.ts";

describe("treeToJson", () => {
  test.prop([sparseHmm()], { numRuns: 20 })("keeps every column through text", (process) => {
    const tree = mixedStateTree(process, { depth: 3 });
    const json = JSON.parse(JSON.stringify(treeToJson(tree)));
    expect(json).toMatchObject({
      format: "semifactor.mixed-state-tree",
      version: 1,
      complete: true,
      alphabet: [...process.alphabet],
    });
    for (const name of ["levelOffsets", "parent", "token", "probability"] as const) {
      expect(json[name]).toEqual(Array.from(tree[name]));
    }
    expect(json.beliefs.flat()).toEqual(Array.from(tree.beliefs));
    expect(json.beliefs.length).toBe(tree.nodeCount);
  });

  it("leaves beliefs out where the tree has none, and says what was cut", () => {
    const tree = mixedStateTree(mess3({ x: 0.15, a: 0.6 }), {
      depth: 3,
      probabilityThreshold: 0.04,
      withBeliefs: false,
    });
    const json = treeToJson(tree);
    expect("beliefs" in json).toBe(false);
    expect(json.complete).toBe(false);
    expect(json.cut).toEqual(tree.cut);
  });
});
