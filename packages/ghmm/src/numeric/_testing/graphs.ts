import fc from "fast-check";

/** Edges of random graphs, sorted by where they start. */
export const graphs = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    edges: fc
      .array(fc.record({ from: fc.nat(n - 1), to: fc.nat(n - 1) }), { maxLength: 20 })
      .map((edges) => edges.sort((a, b) => a.from - b.from)),
  }),
);

export interface Graph {
  readonly n: number;
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

export function compressed({ n, edges }: Graph) {
  const offsets = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) offsets[i + 1] = (offsets[i] ?? 0) + edges.filter(({ from }) => from === i).length;
  return { offsets, targets: Uint32Array.from(edges, ({ to }) => to) };
}

/** `reach[i][j]`: whether there is a path from `i` to `j`, by Warshall's algorithm. */
export function reachability({ n, edges }: Graph): boolean[][] {
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
