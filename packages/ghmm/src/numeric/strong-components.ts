/** A directed graph in compressed rows: the successors of node `i` are `targets[offsets[i] .. offsets[i + 1])`. */
export interface Digraph {
  /** `[n + 1]`. */
  readonly offsets: Uint32Array;
  /** `[edges]`. */
  readonly targets: Uint32Array;
}

/** What {@link strongComponents} returns. */
export interface StrongComponents {
  /** Number of strongly connected components. */
  readonly count: number;
  /** Component of every node, `[n]`; an edge leads to the same component or to one of a smaller number. */
  readonly component: Uint32Array;
}

/** Strongly connected components by Tarjan's algorithm, with its own stack instead of recursion. */
export function strongComponents(graph: Digraph): StrongComponents {
  const { offsets, targets } = graph;
  const n = offsets.length - 1;
  const unseen = n;
  const order = new Uint32Array(n).fill(unseen);
  const low = new Uint32Array(n);
  const component = new Uint32Array(n).fill(n);
  const cursor = offsets.slice(0, n);
  const path = new Uint32Array(n);
  const open = new Uint32Array(n);
  let seen = 0;
  let openSize = 0;
  let count = 0;
  for (let root = 0; root < n; root++) {
    if (order[root] !== unseen) continue;
    let depth = 0;
    path[0] = root;
    while (depth >= 0) {
      const node = path[depth] ?? 0;
      if (order[node] === unseen) {
        order[node] = seen;
        low[node] = seen++;
        open[openSize++] = node;
      }
      const edge = cursor[node] ?? 0;
      if (edge < (offsets[node + 1] ?? 0)) {
        const target = targets[edge] ?? 0;
        // The edge is looked at again after its target is done, to take over what the target reaches.
        if (order[target] === unseen) {
          path[++depth] = target;
        } else {
          if (component[target] === n) low[node] = Math.min(low[node] ?? 0, low[target] ?? 0);
          cursor[node] = edge + 1;
        }
        continue;
      }
      if (low[node] === order[node]) {
        for (let member = n; member !== node; ) {
          member = open[--openSize] ?? node;
          component[member] = count;
        }
        count++;
      }
      depth--;
    }
  }
  return { count, component };
}
