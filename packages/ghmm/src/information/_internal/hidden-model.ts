import { solveLinearSystem } from "../../numeric/linear-system.ts";
import { multiply } from "../../numeric/matrix.ts";
import { createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";

/** Size of a negative entry that is rounding. */
const ROUNDING = 1e-9;

const models = new WeakMap<Process, { readonly hmm: Process | undefined }>();

/**
 * An HMM with the same word probabilities, where the certificate has one: the process itself, the HMM that it is similar to, or
 * the rays of its cone as hidden states if there are as many as dimensions.
 */
export function hiddenModel(process: Process): Process | undefined {
  const { certificate } = process;
  if (certificate.kind === "hmm") return process;
  if (certificate.kind === "similar-to-hmm") return hiddenModel(certificate.hmm);
  if (certificate.kind !== "cone" || certificate.rays.length !== process.stateDim) return undefined;
  let known = models.get(process);
  if (known === undefined) {
    known = { hmm: raysAsStates(process, certificate.rays) };
    models.set(process, known);
  }
  return known.hmm;
}

/** `R T^x R^-1` with the rays as rows of `R`, scaled to `R w = 1`; undefined if they are dependent or orthogonal to `w`. */
function raysAsStates(process: Process, rays: readonly Float64Array[]): Process | undefined {
  const d = process.stateDim;
  const flat = Float64Array.from({ length: d * d }, (_, at) => rays[Math.floor(at / d)]?.[at % d] ?? 0);
  const norms = multiply(flat, process.normalizer, d);
  if (!norms.every((norm) => norm > 1e-12)) return undefined;
  const basis = flat.map((value, at) => value / (norms[Math.floor(at / d)] ?? 1));
  const transposed = basis.map((_, at) => basis[(at % d) * d + Math.floor(at / d)] ?? 0);
  // rows x of `right` as y with y R = x
  const inCone = (right: Float64Array): Float64Array => {
    const count = right.length / d;
    const columns = right.map((_, at) => right[(at % count) * d + Math.floor(at / count)] ?? 0);
    const solution = solveLinearSystem(transposed, d, columns);
    return right.map((_, at) => solution[(at % d) * count + Math.floor(at / d)] ?? 0);
  };
  try {
    const clean = (values: Float64Array): Float64Array => {
      return values.map((value) => (value < 0 && value > -ROUNDING ? 0 : value));
    };
    const operators = process.alphabet.map((_, token) => {
      const operator = clean(inCone(multiply(basis, process.operator(token), d)));
      return Array.from({ length: d }, (_, s) => operator.subarray(s * d, (s + 1) * d));
    });
    return createHmm({ operators, initial: clean(inCone(process.initial)), alphabet: process.alphabet });
  } catch {
    // dependent rays, or a cone that the operators leave by more than rounding
    return undefined;
  }
}
