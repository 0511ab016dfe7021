import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import type { Process } from "./process.ts";
import { blockStorage } from "./storage/blocks.ts";
import { denseStorage } from "./storage/dense.ts";
import type { OperatorStorage } from "./storage/operator-storage.ts";
import { sparseStorage } from "./storage/sparse.ts";
import { assembleProcess } from "./store.ts";

/** Entries of all operators together: a gigabyte. */
export const LARGEST_SIZE = 2 ** 27;

const storages: Readonly<Record<string, (operators: readonly Float64Array[], stateDim: number) => OperatorStorage>> = {
  dense: denseStorage,
  sparse: sparseStorage,
  blocks: blockStorage,
};

/**
 * The same process with its operators stored in another way: for measurements, and where the choice made at creation is not
 * the best one. Results agree up to rounding.
 *
 * @param kind - `"dense"`, `"sparse"` or `"blocks"` (the finest partition of the states that all operators keep)
 * @throws InvalidArgumentError if `kind` is another word
 * @throws UnsupportedError if the operators have more than 2^27 entries
 * @example
 * ```ts
 * import { mess3, tensorProduct, withStorage } from "@semifactor/ghmm";
 *
 * const factor = mess3({ x: 0.15, a: 0.6 });
 * const product = tensorProduct(factor, factor, factor);
 * expect(product.storage?.kind).toBe("kronecker");
 * expect(withStorage(product, "dense").storage?.kind).toBe("dense");
 * ```
 */
export function withStorage(process: Process, kind: "dense" | "sparse" | "blocks"): Process {
  const store = Object.hasOwn(storages, kind) ? storages[kind] : undefined;
  if (store === undefined) {
    throw new InvalidArgumentError({
      source: "withStorage",
      problem: `kind is ${JSON.stringify(kind)}`,
      remedy: 'Give "dense", "sparse" or "blocks"',
    });
  }
  const { alphabet, stateDim } = process;
  const size = alphabet.length * stateDim ** 2;
  if (size > LARGEST_SIZE) {
    throw new UnsupportedError({
      source: "withStorage",
      problem: `the operators have ${size} entries`,
      remedy: `Operators of at most ${LARGEST_SIZE} entries can be written out`,
    });
  }
  const operators = alphabet.map((_, token) => process.operator(token));
  return assembleProcess(process, store(operators, stateDim));
}
