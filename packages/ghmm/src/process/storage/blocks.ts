import type { OperatorStorage } from "./operator-storage.ts";

/** Finest partition of the states that every operator keeps: the connected components of their non-zero entries, in order. */
export function invariantBlocks(operators: readonly Float64Array[], stateDim: number): readonly Uint32Array[] {
  const parent = Uint32Array.from({ length: stateDim }, (_, s) => s);
  const root = (s: number): number => {
    let at = s;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? 0] ?? 0;
      at = parent[at] ?? 0;
    }
    return at;
  };
  for (const operator of operators) {
    operator.forEach((value, i) => {
      if (value === 0) return;
      const [a, b] = [root(Math.floor(i / stateDim)), root(i % stateDim)];
      parent[Math.max(a, b)] = Math.min(a, b);
    });
  }
  const members = new Map<number, number[]>();
  for (let s = 0; s < stateDim; s++) {
    const known = members.get(root(s));
    if (known === undefined) members.set(root(s), [s]);
    else known.push(s);
  }
  return Array.from(members.values(), (states) => Uint32Array.from(states));
}

/** One dense matrix per token and block, for blocks that no operator leaves. */
export function blockStorage(
  operators: readonly Float64Array[],
  stateDim: number,
  blocks = invariantBlocks(operators, stateDim),
): OperatorStorage {
  const matrices = operators.map((operator) =>
    blocks.map((states) =>
      Float64Array.from(
        { length: states.length ** 2 },
        (_, i) =>
          operator[(states[Math.floor(i / states.length)] ?? 0) * stateDim + (states[i % states.length] ?? 0)] ?? 0,
      ),
    ),
  );
  return {
    // of our own, since callers can write to the public ones
    description: { kind: "blocks", blocks: blocks.map((states) => states.slice()) },
    apply(belief, token, out) {
      out.fill(0, 0, stateDim);
      const ofToken = matrices[token];
      if (ofToken === undefined) return;
      for (let k = 0; k < blocks.length; k++) {
        const states = blocks[k];
        const matrix = ofToken[k];
        if (states === undefined || matrix === undefined) continue;
        const size = states.length;
        for (let i = 0, at = 0; i < size; i++, at += size) {
          const weight = belief[states[i] ?? 0] ?? 0;
          if (weight === 0) continue;
          for (let j = 0; j < size; j++) {
            const next = states[j] ?? 0;
            out[next] = (out[next] ?? 0) + weight * (matrix[at + j] ?? 0);
          }
        }
      }
    },
    operator(token) {
      const out = new Float64Array(stateDim * stateDim);
      matrices[token]?.forEach((matrix, k) => {
        const states = blocks[k] ?? new Uint32Array(0);
        matrix.forEach((value, i) => {
          out[(states[Math.floor(i / states.length)] ?? 0) * stateDim + (states[i % states.length] ?? 0)] = value;
        });
      });
      return out;
    },
  };
}
