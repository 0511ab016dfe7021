import type { Certificate, Process } from "../../process/process.ts";
import { storeProcess } from "../../process/store.ts";
import { checkWords } from "./composite-certificate.ts";
import { checkWrittenSize } from "./written-out.ts";

/** Probability with which token `from` of a process becomes token `to`. */
export type Channel = (from: number, to: number) => number;

/**
 * `T'^x = sum_x' B[x', x] T^x'` for a channel with non-negative entries: states, their cones and their Kraus maps stay what they
 * are, so certificates carry over.
 */
export function mixTokens(source: string, process: Process, channel: Channel, alphabet: readonly string[]): Process {
  const { stateDim, initial, normalizer, certificate } = process;
  checkWrittenSize(source, alphabet.length, stateDim);
  const operators = alphabet.map(() => new Float64Array(stateDim * stateDim));
  process.alphabet.forEach((_, from) => {
    const operator = process.operator(from);
    operators.forEach((sum, to) => {
      const weight = channel(from, to);
      if (weight === 0) return;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (operator[i] ?? 0);
    });
  });
  const parts = { operators, initial: initial.slice(), normalizer: normalizer.slice(), alphabet };
  let proof: Certificate = certificate;
  if (certificate.kind === "similar-to-hmm") {
    proof = { kind: "similar-to-hmm", hmm: mixTokens(source, certificate.hmm, channel, alphabet) };
  } else if (certificate.kind === "unchecked") {
    proof = checkWords(source, parts);
  }
  return storeProcess({ ...parts, certificate: proof });
}
