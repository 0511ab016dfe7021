import { dot, vectorTimesMatrix } from "../../numeric/matrix.ts";
import { nonNegativeLeastSquares } from "../../numeric/non-negative-least-squares.ts";
import { createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";

/** Part of the length of a vector that may lie outside the cone: rounding. */
const ROUNDING = 1e-9;
/** Rays with a product with `w` below this part of their lengths are the start of no future. */
const FLAT = 1e-12;
/** Rays up to which a cone is turned into an HMM: its operators are decomposed ray by ray. */
const MOST_RAYS = 256;

const models = new WeakMap<Process, { readonly hmm: Process | undefined }>();

/**
 * An HMM with the same word probabilities, where the certificate has one: the process itself, the HMM that it is similar to, or
 * the rays of its cone as hidden states, up to 256 of them.
 */
export function hiddenModel(process: Process): Process | undefined {
  const { certificate } = process;
  if (certificate.kind === "hmm") return process;
  if (certificate.kind === "similar-to-hmm") return hiddenModel(certificate.hmm);
  if (certificate.kind !== "cone" || certificate.rays.length > MOST_RAYS) return undefined;
  let known = models.get(process);
  if (known === undefined) {
    known = { hmm: raysAsStates(process, certificate.rays) };
    models.set(process, known);
  }
  return known.hmm;
}

const lengthOf = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));

/**
 * The rays, scaled to `r . w = 1`, as hidden states: every `r_i T^x` is a combination of rays with non-negative coefficients, and these
 * are the operator. Undefined if one of them leaves the cone by more than rounding.
 */
function raysAsStates(process: Process, rays: readonly Float64Array[]): Process | undefined {
  const { stateDim: d, normalizer } = process;
  const norms = rays.map((ray) => dot(ray, normalizer) / (lengthOf(ray) * lengthOf(normalizer)));
  const scaled = rays.map((ray, i) => {
    const norm = (norms[i] ?? 0) > FLAT ? dot(ray, normalizer) : 1;
    return ray.map((value) => value / norm);
  });
  const states = Array.from(rays.keys()).filter((i) => (norms[i] ?? 0) > FLAT);
  let isInside = true;
  /** Coefficients on the rays that have a future; a flat ray has none and drops out of every word. */
  const decompose = (vector: Float64Array): readonly number[] => {
    const { coefficients, residual } = nonNegativeLeastSquares(scaled, vector);
    isInside &&= residual <= ROUNDING * lengthOf(vector);
    return states.map((i) => coefficients[i] ?? 0);
  };
  const image = new Float64Array(d);
  const matrices = process.alphabet.map((_, token) => {
    const operator = process.operator(token);
    return states.map((i) => {
      vectorTimesMatrix(scaled[i] ?? image, operator, d, image);
      return decompose(image);
    });
  });
  const initial = decompose(process.initial);
  if (!isInside || states.length === 0) return undefined;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const rows = states.map((_, s) => sum(matrices.map((matrix) => sum(matrix[s] ?? []))));
  return createHmm({
    operators: matrices.map((matrix) => matrix.map((row, s) => row.map((value) => value / (rows[s] ?? 1)))),
    initial: initial.map((value) => value / sum(initial)),
    alphabet: process.alphabet,
  });
}
