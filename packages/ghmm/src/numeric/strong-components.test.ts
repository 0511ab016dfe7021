import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { recurrentClasses } from "./recurrent-classes.ts";
import { strongComponents } from "./strong-components.ts";

/** Edges of random graphs, sorted by where they start. */
const graphs = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    edges: fc
      .array(fc.record({ from: fc.nat(n - 1), to: fc.nat(n - 1) }), { maxLength: 20 })
      .map((edges) => edges.sort((a, b) => a.from - b.from)),
  }),
);

interface Graph {
  readonly n: number;
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

function compressed({ n, edges }: Graph) {
  const offsets = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) offsets[i + 1] = (offsets[i] ?? 0) + edges.filter(({ from }) => from === i).length;
  return { offsets, targets: Uint32Array.from(edges, ({ to }) => to) };
}

/** `reach[i][j]`: whether there is a path from `i` to `j`, by Warshall's algorithm. */
function reachability({ n, edges }: Graph): boolean[][] {
  const nodes = Array.from({ length: n }, (_, i) => i);
  const reach = nodes.map((i) => nodes.map((j) => i === j));
  const at = (i: number, j: number) => reach[i]?.[j] ?? false;
  const join = (i: number, j: number) => {
    const row = reach[i];
    if (row !== undefined) row[j] = true;
  };
  for (const { from, to } of edges) join(from, to);
  for (const k of nodes) for (const i of nodes) for (const j of nodes) if (at(i, k) && at(k, j)) join(i, j);
  return reach;
}

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

describe("recurrentClasses", () => {
  const marked = graphs.chain((graph) =>
    fc.record({
      graph: fc.constant(graph),
      expanded: fc.array(fc.boolean(), { minLength: graph.n, maxLength: graph.n }),
    }),
  );
  test.prop([marked], { numRuns: 200 })(
    "are the states that return from all they reach, if all of it is expanded",
    ({ graph, expanded }) => {
      const reach = reachability(graph);
      const { recurrent, classes } = recurrentClasses(expanded, graph.edges);
      recurrent.forEach((is, i) => {
        const reached = Array.from({ length: graph.n }, (_, j) => j).filter((j) => reach[i]?.[j]);
        expect(is).toBe(reached.every((j) => (reach[j]?.[i] ?? false) && (expanded[j] ?? false)));
        if (is) expect(classes.find((members) => members.includes(i))).toEqual(reached);
      });
      expect(classes.flat().length).toBe(recurrent.filter(Boolean).length);
    },
  );
});
