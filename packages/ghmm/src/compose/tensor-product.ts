import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { kronecker, kroneckerVector } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { countNonZero } from "../process/storage/choose.ts";
import { kroneckerStorage } from "../process/storage/kronecker.ts";
import { assembleProcess, type StateParts, storeProcess } from "../process/store.ts";
import { readAlphabet } from "../process/validate.ts";
import { jointCertificate } from "./joint-certificate.ts";

/** Joint states or joint tokens: a vector of a megabyte and a list of names that still fits into memory. */
const LARGEST_COUNT = 2 ** 20;
/** Entries of all operators together up to which a product is written out at all. */
const LARGEST_WRITTEN = 2 ** 22;

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

/** The factors, with products taken apart. Their initial states are products too only if nobody changed them since. */
function flatten(processes: readonly Process[]): readonly Process[] {
  return processes.flatMap((process) => {
    if (process.storage?.kind !== "kronecker") return [process];
    const { factors } = process.storage;
    const initial = factors.map((factor) => factor.initial).reduce(kroneckerVector);
    return process.initial.every((value, s) => value === initial[s]) ? factors : [process];
  });
}

/** Operations to apply an operator: written out (two for an entry found by its index), and factor by factor. */
function costs(factors: readonly Process[]): { readonly written: number; readonly factored: number } {
  const perToken = factors.map((factor) => {
    const operators = factor.alphabet.map((_, token) => factor.operator(token));
    const [nonZero, tokens] = [countNonZero(operators), operators.length];
    return { average: nonZero / tokens, isSparse: nonZero * 4 <= tokens * factor.stateDim ** 2 };
  });
  const entries = product(perToken.map(({ average }) => average));
  const d = product(factors.map(({ stateDim }) => stateDim));
  return { written: 2 * entries, factored: d * factors.reduce((sum, { stateDim }) => sum + stateDim, 0) };
}

/**
 * Independent processes run side by side as one: `T^(u,y) = A^u (x) C^y`, token `u * |Y| + y`, state `(a, c) -> a * dC + c`, and so on
 * for more factors, the first slowest.
 *
 * Word probabilities multiply, beliefs are products and entropies add (T9). Token names are joined with a comma. The operators
 * are kept as their factors where that saves work: filtering then costs `O(sum_n d_n^2)` a token besides writing the belief out.
 *
 * @throws InvalidArgumentError if a process is missing or two tuples of names join to the same name
 * @throws UnsupportedError if the product has more than 2^20 states or tokens
 * @example
 * ```ts
 * import { coin, tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
 *
 * const pair = tensorProduct(zeroOneRandom({ p: 0.5 }), coin({ p: 0.5 }));
 * expect(pair.alphabet).toEqual(["0,0", "0,1", "1,0", "1,1"]);
 * expect(pair.stateDim).toBe(3);
 * ```
 */
export function tensorProduct(first: Process, second: Process, ...others: readonly Process[]): Process {
  const source = "tensorProduct";
  const processes = [first, second, ...others];
  const absent = processes.findIndex((process) => !process);
  if (absent >= 0) {
    throw new InvalidArgumentError({
      source,
      problem: `process ${absent} is ${processes[absent]}`,
      remedy: "Give two processes or more",
    });
  }
  const factors = flatten(processes);
  const tokens = product(factors.map(({ alphabet }) => alphabet.length));
  const stateDim = product(factors.map((factor) => factor.stateDim));
  if (tokens > LARGEST_COUNT || stateDim > LARGEST_COUNT) {
    throw new UnsupportedError({
      source,
      problem: `the product has ${tokens} tokens and ${stateDim} states`,
      remedy: `Multiply fewer processes: a product has at most ${LARGEST_COUNT} tokens and states`,
    });
  }
  const names = factors
    .map(({ alphabet }) => alphabet)
    .reduce((joined, alphabet) => joined.flatMap((u) => alphabet.map((y) => `${u},${y}`)));
  const parts: StateParts = {
    initial: factors.map(({ initial }) => initial).reduce(kroneckerVector),
    normalizer: factors.map(({ normalizer }) => normalizer).reduce(kroneckerVector),
    alphabet: readAlphabet(source, tokens, names),
    certificate: jointCertificate(factors),
  };
  const { written, factored } = costs(factors);
  if (tokens * stateDim ** 2 > LARGEST_WRITTEN || factored < written / 2) {
    return assembleProcess(parts, kroneckerStorage(factors));
  }
  const written0 = factors.map((factor) => ({
    d: factor.stateDim,
    operators: factor.alphabet.map((_, token) => factor.operator(token)),
  }));
  const { operators } = written0.reduce((a, c) => ({
    d: a.d * c.d,
    operators: a.operators.flatMap((u) => c.operators.map((y) => kronecker(u, a.d, y, c.d))),
  }));
  return storeProcess({ ...parts, operators });
}
