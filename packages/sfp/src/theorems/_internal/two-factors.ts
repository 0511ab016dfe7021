import { kroneckerVector } from "@semifactor/ghmm/internal";
import type { TheoremSubject } from "@semifactor/ghmm/theorems";
import { type TensorStructure, tensorStructure } from "../../structure/tensor-structure.ts";
import { hasNormalizer, structureOf } from "./subject.ts";

/** A structure as one of two factors: the first, and all others together, which follow it in the joint index. */
export function asTwoFactors(structure: TensorStructure): TensorStructure {
  const [first, second, ...rest] = structure.factors;
  if (rest.length === 0) return structure;
  const normalizer = rest.reduce((joint, factor) => kroneckerVector(joint, factor.normalizer), second.normalizer);
  const name = [second, ...rest].map((factor) => factor.name).join(" and ");
  return tensorStructure({ factors: [first, { name, dimension: normalizer.length, normalizer }] });
}

/**
 * The two factors that a subject declares, if their normalizers are those of its process.
 *
 * @throws ShapeError if their dimensions are not
 */
export function twoFactorsOf(subject: TheoremSubject): TensorStructure | undefined {
  const declared = structureOf(subject);
  return declared !== undefined && hasNormalizer(declared, subject.process) ? asTwoFactors(declared) : undefined;
}
