import type { Case } from "../case.ts";
import { blockCases } from "./cases-blocks.ts";
import { discoveryCases } from "./cases-discovery.ts";
import { embeddingCases } from "./cases-embedding.ts";
import { entanglementCases } from "./cases-entanglement.ts";
import { familyCases } from "./cases-families.ts";
import { interventionCases } from "./cases-intervention.ts";
import { structureCases } from "./cases-structure.ts";

/** The cases of D47 to D88. */
export const semiFactoredCases: readonly Case[] = [
  ...structureCases,
  ...blockCases,
  ...familyCases,
  ...discoveryCases,
  ...embeddingCases,
  ...entanglementCases,
  ...interventionCases,
];
