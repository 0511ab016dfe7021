import { ShapeError } from "../../numeric/errors.ts";
import { kronecker, kroneckerVector } from "../../numeric/matrix.ts";
import { type Certificate, HMM_CERTIFICATE, type Process } from "../../process/process.ts";
import { storeProcess } from "../../process/store.ts";
import type { TheoremSubject } from "../theorem.ts";
import { isExactly } from "./subject.ts";

/** A subject's joint states and tokens, split into those of its first factor and those of all others. */
interface Split {
  readonly states: readonly [number, number];
  readonly tokens: readonly [number, number];
  readonly normalizers: readonly [Float64Array, Float64Array];
}

const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);

/** The declared factors, or those that the process is stored as; the first one and the others together. */
function splitOf({ process, factors, tokenSizes }: TheoremSubject): Split | undefined {
  const stored = process.storage?.kind === "kronecker" ? process.storage.factors : [];
  const known = factors ?? stored.map(({ stateDim, normalizer }) => ({ dimension: stateDim, normalizer }));
  const [u, ...y] = tokenSizes ?? stored.map(({ alphabet }) => alphabet.length);
  const [first, ...others] = known.map(({ dimension, normalizer }) =>
    normalizer === undefined ? new Float64Array(dimension).fill(1) : Float64Array.from(normalizer),
  );
  if (first === undefined || u === undefined || others.length === 0 || others.length !== y.length) return undefined;
  const second = others.reduce<Float64Array>(kroneckerVector, Float64Array.of(1));
  if (first.length * second.length !== process.stateDim || u * product(y) !== process.alphabet.length) {
    throw new ShapeError({
      source: "instanceOf",
      problem: `the factors have ${first.length * second.length} joint states and ${u * product(y)} joint tokens, the process ${process.stateDim} states and ${process.alphabet.length} tokens`,
      remedy: "Give factors and tokenSizes whose products are those of the process",
    });
  }
  return { states: [first.length, second.length], tokens: [u, product(y)], normalizers: [first, second] };
}

/** The part of a joint index that belongs to one of two factors. */
const part = (index: number, sizes: readonly [number, number], factor: 0 | 1): number =>
  factor === 0 ? Math.floor(index / sizes[1]) : index % sizes[1];

/** One factor, by contraction with the start and the normalizer of the other: `A^u = sum_y (I (x) eta_C) T^(u,y) (I (x) w_C)`. */
function factorOf(process: Process, { states, tokens, normalizers }: Split, own: 0 | 1): Process {
  const [other, d] = [own === 0 ? 1 : 0, states[own]] as const;
  const startOf = (factor: 0 | 1, rest: 0 | 1): Float64Array => {
    const start = new Float64Array(states[factor]);
    process.initial.forEach((value, s) => {
      const at = part(s, states, factor);
      start[at] = (start[at] ?? 0) + value * (normalizers[rest][part(s, states, rest)] ?? 0);
    });
    return start;
  };
  const otherStart = startOf(other, own);
  const operators = Array.from({ length: tokens[own] }, () => new Float64Array(d * d));
  process.alphabet.forEach((_, x) => {
    const operator = operators[part(x, tokens, own)] ?? new Float64Array(0);
    process.operator(x).forEach((value, i) => {
      const [from, to] = [Math.floor(i / process.stateDim), i % process.stateDim];
      const at = part(from, states, own) * d + part(to, states, own);
      const weight = (otherStart[part(from, states, other)] ?? 0) * (normalizers[other][part(to, states, other)] ?? 0);
      operator[at] = (operator[at] ?? 0) + value * weight;
    });
  });
  const certificate: Certificate =
    process.certificate.kind === "hmm" ? HMM_CERTIFICATE : { kind: "unchecked", wordLength: 0, smallestProbability: 1 };
  const alphabet = operators.map((_, token) => String(token));
  return storeProcess({
    operators,
    initial: startOf(own, other),
    normalizer: normalizers[own],
    alphabet,
    certificate,
  });
}

/**
 * The two processes that a subject is, side by side. Undefined where it declares no factors with tokens of their own, or is no
 * product `A^u (x) C^y` from a product start.
 *
 * @throws ShapeError if the declared factors are not those of the process
 */
export function independentFactors(
  subject: TheoremSubject,
): { readonly first: Process; readonly second: Process } | undefined {
  const { process } = subject;
  const split = splitOf(subject);
  if (split === undefined) return undefined;
  const [first, second] = [factorOf(process, split, 0), factorOf(process, split, 1)];
  // not by tensorProduct: what no product was made into need not be a process
  const joint = (token: number): Float64Array => {
    const [a, c] = [first.operator(part(token, split.tokens, 0)), second.operator(part(token, split.tokens, 1))];
    return kronecker(a, first.stateDim, c, second.stateDim);
  };
  const isSame =
    isExactly(kroneckerVector(first.normalizer, second.normalizer), process.normalizer) &&
    isExactly(kroneckerVector(first.initial, second.initial), process.initial) &&
    process.alphabet.every((_, x) => isExactly(joint(x), process.operator(x)));
  return isSame ? { first, second } : undefined;
}
