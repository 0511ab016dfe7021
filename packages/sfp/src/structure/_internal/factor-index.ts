import { InvalidArgumentError } from "@semifactor/ghmm";
import type { TensorStructure } from "../tensor-structure.ts";

/** Index of a factor by its name; throws if there is no such factor. */
export function factorIndex(source: string, structure: TensorStructure, name: string): number {
  const index = structure.factors.findIndex((factor) => factor.name === name);
  if (index !== -1) return index;
  throw new InvalidArgumentError({
    source,
    problem: `there is no factor called ${JSON.stringify(name)}`,
    remedy: `Give one of ${structure.factors.map((factor) => JSON.stringify(factor.name)).join(", ")}`,
  });
}
