import { flipFactor, type Intervention, projectOntoBlock, resetFactor, shiftBlockLogits } from "@semifactor/sfp";
import type { Input } from "../input.ts";
import { type JsonObject, rows } from "../vector.ts";
import { numbers, semiFactoredOf, structureOf } from "./subject.ts";

/** The linear part, its ranks and the belief after it. */
function applied({ matrix, rank, changeRank, apply }: Intervention, input: Input): JsonObject {
  const belief = input.numbers("belief");
  return { matrix: rows(matrix, belief.length), rank, changeRank, belief: numbers(apply(belief)) };
}

/** How the library answers D85 to D88. */
export const interventionAnswers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D85: (input) => {
    const to = input.raw.to as number | readonly number[];
    return applied(resetFactor(structureOf(input), { factor: String(input.number("factor")), to }), input);
  },
  D86: (input) =>
    applied(flipFactor(structureOf(input), { factor: String(input.number("factor")), ...input.given("map") }), input),
  D87: (input) => applied(projectOntoBlock(semiFactoredOf(input), input.number("block")), input),
  D88: (input) => {
    const { weights, intervention } = shiftBlockLogits(semiFactoredOf(input), input.numbers("shift"));
    return { weights: numbers(weights), ...applied(intervention, input) };
  },
};
