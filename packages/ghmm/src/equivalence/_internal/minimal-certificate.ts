import { pseudoInverse } from "../../numeric/inverse.ts";
import { dot, matrixTimesVector, multiply, vectorTimesMatrix } from "../../numeric/matrix.ts";
import { unitRays } from "../../process/certificate.ts";
import { HMM_CERTIFICATE, type Process } from "../../process/process.ts";
import type { ProcessParts } from "../../process/store.ts";

/** Rays closer than this, at `r . w = 1`, are one. */
const SAME = 1e-9;
/** An entry below zero by no more is rounding. */
const ROUNDING = 1e-11;
/** A basis of rays with a larger condition number is left alone. */
const LARGEST_CONDITION = 1e4;

/** The rays of the cone that a certificate gives, or nothing. */
export function raysOf(process: Process): readonly Float64Array[] | undefined {
  if (process.certificate.kind === "hmm") return unitRays(process.stateDim);
  return process.certificate.kind === "cone" ? process.certificate.rays : undefined;
}

/** The images of rays under `map`, `[d, k]`, scaled to `r . w = 1`, each direction once; those without a future are left out. */
export function imagesOf(
  rays: readonly Float64Array[],
  map: Float64Array,
  normalizer: Float64Array,
): readonly Float64Array[] {
  const k = normalizer.length;
  const images: Float64Array[] = [];
  for (const ray of rays) {
    const image = new Float64Array(k);
    vectorTimesMatrix(ray, map, k, image);
    const weight = dot(image, normalizer);
    if (!(weight > SAME * Math.sqrt(dot(ray, ray)))) continue;
    const scaled = image.map((value) => value / weight);
    if (images.every((known) => known.some((value, i) => Math.abs(value - (scaled[i] ?? 0)) > SAME))) {
      images.push(scaled);
    }
  }
  return images;
}

/** The parts in the basis of the rays, where they are as many as there are dimensions: an HMM with the rays as its states. */
export function inBasisOfRays(
  parts: ProcessParts,
  rays: readonly Float64Array[],
): { readonly parts: ProcessParts; readonly inverse: Float64Array } | undefined {
  const k = parts.initial.length;
  if (rays.length !== k) return undefined;
  const basis = new Float64Array(k * k);
  rays.forEach((ray, i) => {
    basis.set(ray, i * k);
  });
  const { inverse, condition } = pseudoInverse(basis, [k, k]);
  if (!(condition <= LARGEST_CONDITION)) return undefined;
  const initial = new Float64Array(k);
  vectorTimesMatrix(parts.initial, inverse, k, initial);
  const operators = parts.operators.map((operator) => multiply(multiply(basis, operator, k), inverse, k));
  if ([initial, ...operators].some((values) => values.some((value) => value < -ROUNDING))) return undefined;
  const clip = (values: Float64Array) => values.map((value) => (value < ROUNDING ? Math.max(0, value) : value));
  const rebased: ProcessParts = {
    operators: operators.map(clip),
    initial: clip(initial),
    normalizer: matrixTimesVector(basis, parts.normalizer).map((value) => (Math.abs(value - 1) < SAME ? 1 : value)),
    alphabet: parts.alphabet,
    certificate: HMM_CERTIFICATE,
  };
  return rebased.normalizer.every((value) => value === 1) ? { parts: rebased, inverse } : undefined;
}
