import { kroneckerVector } from "../../numeric/matrix.ts";
import { HMM_CERTIFICATE, type Process } from "../../process/process.ts";
import { kroneckerStorage } from "../../process/storage/kronecker.ts";
import { assembleProcess } from "../../process/store.ts";

/** A product of HMMs that keeps its factors, however small they are. */
export function keepFactors(...factors: readonly Process[]): Process {
  const alphabet = factors
    .map((factor) => factor.alphabet)
    .reduce((joint, own) => joint.flatMap((u) => own.map((y) => `${u},${y}`)));
  const initial = factors.map((factor) => factor.initial).reduce(kroneckerVector);
  const normalizer = factors.map((factor) => factor.normalizer).reduce(kroneckerVector);
  return assembleProcess({ initial, normalizer, alphabet, certificate: HMM_CERTIFICATE }, kroneckerStorage(factors));
}
