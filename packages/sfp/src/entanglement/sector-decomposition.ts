import { type EntropyOptions, shannonEntropy, UnsupportedError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkLength } from "../_internal/checks.ts";
import { sideLaws } from "../_internal/side-laws.ts";
import { bipartition } from "../structure/bipartition.ts";
import { blockWeights } from "../structure/blocks.ts";
import type { SemiFactoredProcess } from "../structure/semi-factored.ts";
import { readProbabilities } from "./_internal/read-density.ts";
import { pureDensity, squareRootState } from "./embeddings.ts";
import { vonNeumannEntropy } from "./entropies.ts";
import { mutualInformation } from "./mutual-information.ts";
import { partialTrace } from "./partial-trace.ts";
import { schmidt } from "./schmidt.ts";

/** The correlation of a belief, divided into what is within sectors and what tells them apart; in bits, or nats if asked. */
export interface SectorDecomposition {
  /** Schmidt entropy of the square roots of the belief, `within + chi`. */
  readonly entropy: number;
  /** Mean Schmidt entropy inside sectors, `sum_i omega_i S_sqrt(b_i)`. */
  readonly within: number;
  /** `S(sum_i omega_i rho_C^i) - sum_i omega_i S(rho_C^i)`: how much the capability state reveals the sector, 0 to `H(omega)`. */
  readonly chi: number;
  /** Mutual information `I(A:C)`, `informationWithin + informationLabel`. */
  readonly information: number;
  /** Mean mutual information inside sectors, `sum_i omega_i I_i`. */
  readonly informationWithin: number;
  /** Mutual information `I(i:C)` of the sector and the other factors: at most `chi`. */
  readonly informationLabel: number;
}

/**
 * Divides the correlation between the sectored factor and the others into the mean within sectors and what the others reveal about the
 * sector (T18): `S_sqrt(b) = sum_i omega_i S_sqrt(b_i) + chi` and `I(A:C) = sum_i omega_i I_i + I(i:C)`.
 *
 * `chi` is zero if and only if the reduced states of the other factors agree in all sectors. In a process whose sectors can be told apart
 * it vanishes as the context grows, whatever the coupling (T33): report it by position.
 *
 * @param belief - `[stateDim]`, probabilities
 * @throws UnsupportedError if the blocks are not sectors of one factor
 * @throws InvalidArgumentError if an entry is negative or not finite; NotNormalizedError if the sum is not one; ShapeError if the belief
 * has another length
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { families, sectorDecomposition } from "@semifactor/sfp";
 *
 * const process = families.personaMess3({ theta: 1 });
 * const { entropy, within, chi } = sectorDecomposition(process, beliefState(process, [3, 4]));
 * expect(entropy).toBeCloseTo(within + chi, 12);
 * expect(within).toBeCloseTo(0, 12); // sectors of one state each: all of it is about the sector
 * ```
 */
export function sectorDecomposition(
  process: SemiFactoredProcess,
  belief: ArrayLike<number>,
  options: EntropyOptions = {},
): SectorDecomposition {
  const { structure, kind, partition } = process;
  if (kind !== "sector") {
    throw new UnsupportedError({
      source: "sectorDecomposition",
      problem: `the blocks are of kind ${kind}, depending on ${partition.conserved.join(" and ")}`,
      remedy: "Give a process whose blocks are sectors of one factor",
    });
  }
  const { dimensions, arrange } = bipartition(structure, partition.conserved);
  const [, dC] = dimensions;
  checkList("sectorDecomposition", "belief", belief);
  checkLength("sectorDecomposition", "belief", belief, process.stateDim);
  // rounding below zero is cut off before the belief is divided, or it would be large in a sector of small weight
  const law = readProbabilities("sectorDecomposition", "belief", belief);
  const joint = arrange(law);
  const { entropy } = schmidt(joint, dimensions, options);
  const sectors = Array.from(blockWeights(process, law)).flatMap((weight, beta) => {
    if (weight === 0) return [];
    const own = law.map((value, s) => (partition.blockOf[s] === beta ? value / weight : 0));
    return [{ weight, belief: arrange(own) }];
  });
  const mean = (of: (own: Float64Array) => number) =>
    sectors.reduce((sum, sector) => sum + sector.weight * of(sector.belief), 0);
  const reduced = new Float64Array(dC * dC);
  for (const sector of sectors) {
    const rho = partialTrace(pureDensity(squareRootState(sector.belief, dimensions)), dimensions, { keep: "second" });
    for (let i = 0; i < reduced.length; i++) reduced[i] = (reduced[i] ?? 0) + sector.weight * (rho[i] ?? 0);
  }
  const ofSecond = (own: Float64Array): number => shannonEntropy(sideLaws(own, dimensions).second, options);
  const within = mean((own) => schmidt(own, dimensions, options).entropy);
  return {
    entropy,
    within,
    chi: Math.max(0, vonNeumannEntropy(reduced, options) - within),
    information: mutualInformation(joint, dimensions, options),
    informationWithin: mean((own) => mutualInformation(own, dimensions, options)),
    informationLabel: Math.max(0, ofSecond(joint) - mean(ofSecond)),
  };
}
