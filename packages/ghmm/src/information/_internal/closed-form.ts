import type { EntropyUnit } from "../../numeric/entropy.ts";
import { type MixedStatePresentation, mixedStatePresentation } from "../../presentation/mixed-state-presentation.ts";
import type { Process } from "../../process/process.ts";
import type { InformationQuantity } from "../information-quantity.ts";
import { type ChainSum, LARGEST_CHAIN, type PresentationChain, solveChain } from "./presentation-chain.ts";

/** Beliefs this near are taken for one. */
const TOLERANCE = 1e-9;
/**
 * A merge of beliefs further apart than this is no rounding: they converge to each other, and the presentation is infinite. In an
 * HMM rounding does not grow; in other coordinates it does with their condition.
 */
export const largestRounding = ({ process }: MixedStatePresentation): number =>
  process.certificate.kind === "hmm" ? 1e-13 : 1e-11;

/** Whether all mixed states are listed, and none stands for others that it only resembles. */
export const isExact = (presentation: MixedStatePresentation): boolean =>
  presentation.complete && presentation.mergeDistance <= largestRounding(presentation);

/** The presentation of a process, cut at `maxStates`. */
export const cutPresentation = (process: Process, maxStates: number): MixedStatePresentation =>
  mixedStatePresentation(process, { maxStates: Math.min(maxStates, LARGEST_CHAIN), tolerance: TOLERANCE });

/** The solved presentation of a process that has at most `maxStates` mixed states; otherwise undefined. */
export function closedForm(
  source: string,
  process: Process,
  maxStates: number,
): { readonly presentation: MixedStatePresentation; readonly chain: PresentationChain } | undefined {
  const presentation = cutPresentation(process, maxStates);
  return isExact(presentation) ? { presentation, chain: solveChain(source, presentation) } : undefined;
}

/** Rounding up to this fraction of a value, or of one nat, is not told. */
const TOLD = 1e-12;

/** A closed form in the unit asked for, with bounds that are apart where it mixes so slowly that rounding shows. */
export function closedQuantity(sum: ChainSum, unit: EntropyUnit, scale: number): InformationQuantity {
  const value = sum.value * scale;
  const error = sum.rounding > TOLD * Math.max(1, Math.abs(sum.value)) ? sum.rounding * scale : 0;
  return { value, lower: value - error, upper: value + error, method: "presentation", unit };
}
