import { InvalidArgumentError } from "../numeric/errors.ts";
import { checkCone } from "./cone.ts";
import type { Certificate } from "./process.ts";
import { findHmm } from "./similar-to-hmm.ts";
import type { ProcessParts } from "./store.ts";

/**
 * A proof that words have non-negative probabilities, for {@link createGhmm} to verify (to 1e-9).
 *
 * - `cone`: `rays` span a polyhedral cone that contains the initial state and that every operator maps into itself, and no ray
 *   has a negative product with the normalizer. There may be more rays than dimensions.
 * - `similar-to-hmm`: in the coordinates of `basis`, `[d][d]`, the process is a hidden Markov model: `S^-1 T^x S` and
 *   `eta0 S` are non-negative and `S^-1 w = (1, ..., 1)`. It is the `basis` of `changeBasis` from that model to this process.
 *
 * @example
 * ```ts
 * import { type CertificateEvidence, createGhmm } from "@semifactor/ghmm";
 *
 * // The state (1, r), |r| <= 1: a bit that flips with probability 1/4 and is then seen.
 * const certificate: CertificateEvidence = { kind: "cone", rays: [[1, 1], [1, -1]] };
 * const process = createGhmm({
 *   operators: [[[0.5, 0.5], [0.25, 0.25]], [[0.5, -0.5], [-0.25, 0.25]]],
 *   normalizer: [1, 0],
 *   certificate,
 * });
 * expect(process.certificate.kind).toBe("cone");
 * ```
 */
export type CertificateEvidence =
  | { readonly kind: "cone"; readonly rays: readonly ArrayLike<number>[] }
  | { readonly kind: "similar-to-hmm"; readonly basis: readonly ArrayLike<number>[] };

/** The certificate that the evidence proves; throws if it proves nothing. */
export function verifyEvidence(
  source: string,
  parts: Omit<ProcessParts, "certificate">,
  evidence: CertificateEvidence,
): Certificate {
  if (evidence?.kind === "cone") return { kind: "cone", rays: checkCone(source, parts, evidence.rays) };
  if (evidence?.kind === "similar-to-hmm") {
    return { kind: "similar-to-hmm", hmm: findHmm(source, parts, evidence.basis) };
  }
  const { kind }: { readonly kind?: unknown } = Object(evidence);
  throw new InvalidArgumentError({
    source,
    problem: `certificate.kind is ${typeof kind === "string" ? JSON.stringify(kind) : typeof kind}`,
    remedy: 'Give "cone" with rays, or "similar-to-hmm" with a basis',
  });
}
