import { families, matchNoise, type PersonaSegments } from "@semifactor/sfp";
import type { CellName } from "./config.ts";

const processes = new Map<CellName, PersonaSegments>();

/**
 * The exact process of a cell: 12 contexts, 3 of them per sequence, 4 segments of 4 emissions.
 *
 * The independent cells' noise is tuned so that the alignment part of the Bayes loss equals that of the shared cells.
 */
export function cellProcess(cell: CellName): PersonaSegments {
  const known = processes.get(cell);
  if (known !== undefined) return known;
  const sharing = cell.startsWith("shared") ? 1 : 0;
  const code = cell.endsWith("direct") ? "direct" : "pairs";
  const process = families.personaSegments({
    code,
    sharing,
    ...(sharing === 1 ? {} : { noise: matchNoise({ sharing }).noise }),
  });
  processes.set(cell, process);
  return process;
}
