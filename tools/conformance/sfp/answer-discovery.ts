import {
  findBlocks,
  findTensorStructure,
  nearestKronecker,
  operatorFactorization,
  operatorSchmidt,
  tokenInformation,
} from "@semifactor/sfp";
import type { Input } from "../input.ts";
import { type JsonObject, rows } from "../vector.ts";
import { dimensionsOf, numbers } from "./subject.ts";

/** Blocks that are copies of one another are one entry, since only their sum is determined. */
function blocks(input: Input): JsonObject {
  const found = findBlocks(input.process());
  const groups = found.equivalent.map((members) => ({
    copies: members.length,
    dimension: found.blocks[members[0] ?? 0]?.dimension ?? 0,
    weight: members.reduce((sum, i) => sum + (found.blocks[i]?.weight ?? Number.NaN), 0),
  }));
  groups.sort((a, b) => b.weight - a.weight);
  return { commutantDimension: found.commutantDimension, groups };
}

function kronecker(input: Input): JsonObject {
  const [dA, dC] = dimensionsOf(input);
  const found = nearestKronecker(input.matrix("operator").flat(), [dA, dC]);
  return {
    firstFactor: rows(found.first, dA),
    secondFactor: rows(found.second, dC),
    residual: found.residual,
    relativeResidual: found.relativeResidual,
  };
}

function tensorTokens(input: Input): JsonObject {
  const tokenSizes = input.numbers("tokenSizes") as unknown as readonly [number, number];
  const found = findTensorStructure(input.process(), { tokenSizes });
  const { first, second, joint } = found.ranks;
  const verdict = { factored: found.factored, ranks: [first, second, joint] };
  return found.factored ? verdict : { ...verdict, word: found.word, probabilities: found.probabilities };
}

/** How the library answers D63 to D68. */
export const discoveryAnswers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D63: blocks,
  D64: (input) => {
    const found = operatorSchmidt(input.matrix("operator").flat(), dimensionsOf(input), input.given("unit"));
    const { coefficients, singularValues, rank, entropy } = found;
    return { coefficients: numbers(coefficients), singularValues: numbers(singularValues), rank, entropy };
  },
  D65: kronecker,
  D66: (input) => {
    const options = input.given("distribution", "unit");
    const { meanEntropy, maxRank, fbar } = operatorFactorization(input.process(), dimensionsOf(input), options);
    return { meanEntropy, maxRank, fbar };
  },
  D67: tensorTokens,
  D68: (input) => {
    const options = { tokenSizes: input.numbers("tokenSizes"), maxLength: input.number("maxLength") };
    const { information, rate } = tokenInformation(input.process(), { ...options, ...input.given("unit") });
    return { information: numbers(information), rate };
  },
};
