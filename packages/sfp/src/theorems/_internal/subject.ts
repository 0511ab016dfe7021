import { ShapeError } from "@semifactor/ghmm";
import { kroneckerVector } from "@semifactor/ghmm/internal";
import type { TheoremSubject } from "@semifactor/ghmm/theorems";
import { partition } from "../../structure/partition.ts";
import { type SemiFactoredProcess, semiFactored } from "../../structure/semi-factored.ts";
import { factorStates, type TensorStructure, tensorStructure } from "../../structure/tensor-structure.ts";
import { areInvariant } from "./projectors.ts";

/**
 * The tensor structure that a subject declares, if it declares at least two factors.
 *
 * @throws ShapeError if it is not one of the process's states
 */
export function structureOf({ process, factors }: TheoremSubject): TensorStructure | undefined {
  const [first, second, ...rest] = factors ?? [];
  if (first === undefined || second === undefined) return undefined;
  const structure = tensorStructure({ factors: [first, second, ...rest] });
  if (structure.stateDim === process.stateDim) return structure;
  throw new ShapeError({
    source: "instanceOf",
    problem: `the factors have ${structure.stateDim} joint states, the process ${process.stateDim} states`,
    remedy: "Give factors whose product is that of the process",
  });
}

/** Whether the product of the factors' normalizers is the normalizer of the process. */
export function hasNormalizer({ factors }: TensorStructure, { normalizer }: TheoremSubject["process"]): boolean {
  const product = factors.reduce<Float64Array>(
    (joint, one) => kroneckerVector(joint, one.normalizer),
    Float64Array.of(1),
  );
  return product.every((value, s) => Math.abs(value - (normalizer[s] ?? 0)) <= 1e-9);
}

/** The semi-factored process that a subject declares, if it declares factors with its normalizer and blocks that no operator joins. */
export function semiFactoredOf(subject: TheoremSubject): SemiFactoredProcess | undefined {
  const structure = structureOf(subject);
  const { process, blocks } = subject;
  if (structure === undefined || blocks === undefined || !hasNormalizer(structure, process)) return undefined;
  if (!areInvariant(process, blocks)) return undefined;
  const cells = blocks.map((states) => states.map((state) => factorStates(structure, state)));
  return semiFactored({ process, structure, blocks: partition({ structure, blocks: cells }) });
}

/** The initial state of a subject as a law over two factors, if it declares two and its normalizer is all ones; of either sign. */
export function initialLawOf(
  subject: TheoremSubject,
): { readonly belief: Float64Array; readonly dimensions: readonly [number, number] } | undefined {
  const factors = structureOf(subject)?.factors;
  const { initial, normalizer } = subject.process;
  if (factors?.length !== 2 || normalizer.some((value) => value !== 1)) return undefined;
  return { belief: initial, dimensions: [factors[0].dimension, factors[1].dimension] };
}

/** The same where no entry is negative: probabilities. */
export function initialProbabilitiesOf(subject: TheoremSubject): ReturnType<typeof initialLawOf> {
  const law = initialLawOf(subject);
  return law?.belief.some((value) => value < 0) === true ? undefined : law;
}
