import { unitsPerNat } from "@semifactor/ghmm/internal";
import { checkRange } from "../../_internal/checks.ts";
import type { DensityEntropyOptions } from "../density-matrix.ts";
import { SPECTRUM_CLIP } from "./read-density.ts";

/** The eigenvalues above the clip. */
export function clipped(
  source: string,
  values: Float64Array,
  { clip = SPECTRUM_CLIP }: DensityEntropyOptions,
): Float64Array {
  checkRange(source, "clip", clip, 0, 1e-2);
  return values.filter((value) => value > clip);
}

/** `-sum l log l` over the eigenvalues above the clip, never negative. */
export function spectrumEntropy(source: string, values: Float64Array, options: DensityEntropyOptions): number {
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const sum = clipped(source, values, options).reduce((total, value) => total - value * Math.log(value), 0);
  return Math.max(0, sum) * scale;
}
