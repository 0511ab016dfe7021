import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { compressed, graphs, reachability } from "./_testing/graphs.ts";
import { strongComponents } from "./strong-components.ts";

describe("strongComponents", () => {
  test.prop([graphs], { numRuns: 300 })("joins the nodes that reach each other, and numbers targets first", (graph) => {
    const reach = reachability(graph);
    const { count, component } = strongComponents(compressed(graph));
    for (let i = 0; i < graph.n; i++) {
      expect(component[i]).toBeLessThan(count);
      for (let j = 0; j < graph.n; j++) {
        expect(component[i] === component[j]).toBe((reach[i]?.[j] && reach[j]?.[i]) ?? false);
      }
    }
    for (const { from, to } of graph.edges) expect(component[to]).toBeLessThanOrEqual(component[from] ?? 0);
    expect(new Set(component).size).toBe(count);
  });

  it("follows a path of a hundred thousand nodes without recursion", () => {
    const n = 100_000;
    const offsets = Uint32Array.from({ length: n + 1 }, (_, i) => i);
    const targets = Uint32Array.from({ length: n }, (_, i) => (i + 1) % n);
    expect(strongComponents({ offsets, targets }).count).toBe(1);
  });

  it("takes a graph without nodes", () => {
    expect(strongComponents({ offsets: new Uint32Array(1), targets: new Uint32Array(0) }).count).toBe(0);
  });
});
