import { factorIndex } from "../../structure/_internal/factor-index.ts";
import { bipartition } from "../../structure/bipartition.ts";
import type { Factor, TensorStructure } from "../../structure/tensor-structure.ts";
import { checkStates, type Intervention, makeIntervention, matrixRank, minusIdentity } from "../intervention.ts";

/** The factor of that name. */
export function factorOf(source: string, structure: TensorStructure, name: string): Factor {
  const index = factorIndex(source, structure, name);
  return structure.factors[index] ?? structure.factors[0];
}

/** `F (x) I`: an operator of one factor, `[dimension, dimension]`, as an intervention on the joint states. */
export function factorIntervention(
  source: string,
  name: string,
  structure: TensorStructure,
  factor: Factor,
  operator: Float64Array,
): Intervention {
  const { stateDim } = structure;
  checkStates(source, stateDim);
  const { dimensions, order } = bipartition(structure, [factor.name]);
  const [own, rest] = dimensions;
  const matrix = new Float64Array(stateDim * stateDim);
  for (let a = 0; a < own; a++) {
    for (let to = 0; to < own; to++) {
      const entry = operator[a * own + to] ?? 0;
      for (let c = 0; c < rest; c++) {
        matrix[(order[a * rest + c] ?? 0) * stateDim + (order[to * rest + c] ?? 0)] = entry;
      }
    }
  }
  const normalizer = new Float64Array(stateDim).fill(1);
  structure.factors.forEach((each, n) => {
    const stride = structure.factors.slice(n + 1).reduce((product, { dimension }) => product * dimension, 1);
    for (let s = 0; s < stateDim; s++) {
      normalizer[s] = (normalizer[s] ?? 0) * (each.normalizer[Math.floor(s / stride) % each.dimension] ?? 0);
    }
  });
  return makeIntervention({
    source,
    name,
    matrix,
    rank: matrixRank(operator, own) * rest,
    changeRank: matrixRank(minusIdentity(operator, own), own) * rest,
    normalizer,
  });
}
