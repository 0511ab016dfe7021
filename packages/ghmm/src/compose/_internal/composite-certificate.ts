import { checkShortWords } from "../../process/certificate.ts";
import type { Certificate, Process } from "../../process/process.ts";
import { denseStorage } from "../../process/storage/dense.ts";
import type { ProcessParts } from "../../process/store.ts";
import { jointCertificate } from "../joint-certificate.ts";

/** A variant whose certificate holds for the operators of all variants of a factor, if there is one. */
function proofOf(variants: readonly Process[]): Process | undefined {
  const [first] = variants;
  if (first === undefined || variants.every((variant) => variant === first)) return first;
  const kind = first.certificate.kind;
  if (kind === "hmm") return variants.every(({ certificate }) => certificate.kind === "hmm") ? first : undefined;
  if (first.certificate.kind !== "cone") return undefined;
  const { rays } = first.certificate;
  const sameCone = ({ certificate }: Process): boolean =>
    certificate.kind === "cone" &&
    certificate.rays.length === rays.length &&
    certificate.rays.every((ray, i) => ray.every((value, s) => value === rays[i]?.[s]));
  return variants.every(sameCone) ? first : undefined;
}

/**
 * What proves a process valid whose operators are sums with non-negative weights of products of the factors' operators, variants
 * included, and that starts in the product of the first variants' states.
 *
 * HMMs, products of one cone a factor, and instruments without variants beside HMMs keep their proof; Kraus operators of
 * different variants may refer to different bases, so they do not. Otherwise short words are tested.
 */
export function compositeCertificate(
  source: string,
  factors: readonly (readonly Process[])[],
  parts: Omit<ProcessParts, "certificate">,
): Certificate {
  const proofs = factors.map(proofOf);
  const known = proofs.filter((proof) => proof !== undefined);
  const joint = (kind: Certificate["kind"]): boolean =>
    known.every(({ certificate }) => certificate.kind === "hmm" || certificate.kind === kind);
  if (known.length === factors.length && (joint("cone") || joint("kraus"))) {
    const certificate = jointCertificate(known);
    if (certificate.kind !== "unchecked") return certificate;
  }
  return checkWords(source, parts);
}

/** The certificate of a process of which nothing is proved. */
export function checkWords(source: string, parts: Omit<ProcessParts, "certificate">): Certificate {
  const { operators, initial } = parts;
  return checkShortWords(source, denseStorage(operators, initial.length), operators.length, parts);
}
