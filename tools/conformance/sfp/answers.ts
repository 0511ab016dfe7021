import type { Input } from "../input.ts";
import type { JsonObject } from "../vector.ts";
import { discoveryAnswers } from "./answer-discovery.ts";
import { entanglementAnswers } from "./answer-entanglement.ts";
import { familyAnswers } from "./answer-families.ts";
import { interventionAnswers } from "./answer-intervention.ts";
import { structureAnswers } from "./answer-structure.ts";

/** How the library answers a vector of D47 to D88. */
export const semiFactoredAnswers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  ...structureAnswers,
  ...familyAnswers,
  ...discoveryAnswers,
  ...entanglementAnswers,
  ...interventionAnswers,
};
