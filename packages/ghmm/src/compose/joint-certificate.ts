import { emissionVectors } from "../belief/update.ts";
import { dot, kroneckerVector } from "../numeric/matrix.ts";
import { checkShortWords, unitRays } from "../process/certificate.ts";
import { type Certificate, HMM_CERTIFICATE, type KrausFactor, type Process } from "../process/process.ts";
import { kroneckerStorage } from "../process/storage/kronecker.ts";
import { assembleProcess } from "../process/store.ts";

/** Numbers in the rays of a joint cone: 64 MiB. */
const LARGEST_CONE = 2 ** 23;
/** Numbers in the states after one joint token above which joint words are not tested: only single tokens, factor by factor. */
const LARGEST_TEST = 2 ** 22;

const products = (sets: readonly (readonly Float64Array[])[]): readonly Float64Array[] =>
  sets.reduce((joint, rays) => joint.flatMap((a) => rays.map((c) => kroneckerVector(a, c))));

const ofParts = (factors: readonly Process[]) => ({
  initial: factors.map(({ initial }) => initial).reduce(kroneckerVector),
  normalizer: factors.map(({ normalizer }) => normalizer).reduce(kroneckerVector),
});

/** Smallest probability of a joint token: of all products of one token's probability in each factor. */
function smallestOf(factors: readonly Process[]): number {
  let [low, high] = [1, 1];
  for (const factor of factors) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const vector of emissionVectors(factor)) {
      const probability = dot(factor.initial, vector);
      [least, most] = [Math.min(least, probability), Math.max(most, probability)];
    }
    const ends = [low * least, low * most, high * least, high * most];
    [low, high] = [Math.min(...ends), Math.max(...ends)];
  }
  return low;
}

/**
 * What proves a product of processes valid. An HMM satisfies every certificate, so the other factors' carry over; proofs of
 * different kinds do not combine, and the short joint words are tested instead.
 */
export function jointCertificate(factors: readonly Process[]): Certificate {
  const certificates = factors.map(({ certificate }) => certificate);
  const all = (kind: Certificate["kind"]): boolean =>
    certificates.every((certificate) => certificate.kind === "hmm" || certificate.kind === kind);
  if (all("hmm")) return HMM_CERTIFICATE;
  if (all("similar-to-hmm")) {
    const hmms = factors.map((factor) =>
      factor.certificate.kind === "similar-to-hmm" ? factor.certificate.hmm : factor,
    );
    const alphabet = factors
      .map((factor) => factor.alphabet)
      .reduce((joined, names) => joined.flatMap((u) => names.map((y) => `${u},${y}`)));
    const parts = { ...ofParts(hmms), alphabet, certificate: HMM_CERTIFICATE };
    return { kind: "similar-to-hmm", hmm: assembleProcess(parts, kroneckerStorage(hmms)) };
  }
  if (all("kraus")) {
    const dimensions = factors.map(({ certificate, stateDim }) =>
      certificate.kind === "kraus" ? certificate.dimension : stateDim,
    );
    const dimension = dimensions.reduce((product, d) => product * d, 1);
    const known = factors.map(({ certificate, stateDim }): readonly KrausFactor[] => {
      if (certificate.kind === "kraus") return certificate.factors ?? [];
      return [{ dimension: stateDim, coordinates: "diagonal" }];
    });
    return { kind: "kraus", dimension, ...(known.every((list) => list.length > 0) ? { factors: known.flat() } : {}) };
  }
  const rays = factors.map(({ certificate, stateDim }) =>
    certificate.kind === "cone" ? certificate.rays : unitRays(stateDim),
  );
  const numbers = factors.reduce((product, { stateDim }, n) => product * stateDim * (rays[n]?.length ?? 1), 1);
  if (all("cone") && numbers <= LARGEST_CONE) return { kind: "cone", rays: products(rays) };
  const tokens = factors.reduce((product, { alphabet }) => product * alphabet.length, 1);
  const stateDim = factors.reduce((product, factor) => product * factor.stateDim, 1);
  if (tokens * stateDim > LARGEST_TEST)
    return { kind: "unchecked", wordLength: 1, smallestProbability: smallestOf(factors) };
  return checkShortWords("tensorProduct", kroneckerStorage(factors), tokens, ofParts(factors));
}
