import { type TensorStructure, tensorStructure } from "../structure/tensor-structure.ts";

/** The structure of an alignment factor of `dA` states and a capability factor of `dC`. */
export function structureOf(dA: number, dC: number): TensorStructure {
  return tensorStructure({
    factors: [
      { name: "alignment", dimension: dA },
      { name: "capability", dimension: dC },
    ],
  });
}
