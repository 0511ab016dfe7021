import { type Case, ROUNDING } from "./case.ts";
import { beliefCases } from "./cases-beliefs.ts";
import { structureCases } from "./cases-structure.ts";
import { validityCases } from "./cases-validity.ts";

/** The cases of D1 to D11. */
export const coreCases: readonly Case[] = [...validityCases, ...beliefCases, ...structureCases].map((each) => ({
  tolerance: ROUNDING,
  ...each,
}));
