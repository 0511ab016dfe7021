import type { TheoremSubject } from "@semifactor/ghmm/theorems";
import { partition } from "../../structure/partition.ts";
import { type SemiFactoredProcess, semiFactored } from "../../structure/semi-factored.ts";
import { factorStates, type TensorStructure, tensorStructure } from "../../structure/tensor-structure.ts";

/** The tensor structure that a subject declares, if it declares at least two factors. */
export function structureOf({ factors }: TheoremSubject): TensorStructure | undefined {
  const [first, second, ...rest] = factors ?? [];
  return first === undefined || second === undefined
    ? undefined
    : tensorStructure({ factors: [first, second, ...rest] });
}

/** The semi-factored process that a subject declares, if it declares factors and blocks. */
export function semiFactoredOf(subject: TheoremSubject): SemiFactoredProcess | undefined {
  const structure = structureOf(subject);
  const { process, blocks } = subject;
  if (structure === undefined || blocks === undefined) return undefined;
  const cells = blocks.map((states) => states.map((state) => factorStates(structure, state)));
  return semiFactored({ process, structure, blocks: partition({ structure, blocks: cells }) });
}
