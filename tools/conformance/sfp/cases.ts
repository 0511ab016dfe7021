import type { Case } from "../case.ts";
import { discoveryCases } from "./cases-discovery.ts";
import { entanglementCases } from "./cases-entanglement.ts";
import { familyCases } from "./cases-families.ts";
import { interventionCases } from "./cases-intervention.ts";
import { structureCases } from "./cases-structure.ts";

/** The cases of D47 to D88. */
export const semiFactoredCases: readonly Case[] = [
  ...structureCases,
  ...familyCases,
  ...discoveryCases,
  ...entanglementCases,
  ...interventionCases,
];
