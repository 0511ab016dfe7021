import type { Process } from "./process.ts";

/**
 * The same process with some of its parts replaced. A spread would lose the methods of an instance of a class, which are on its
 * prototype.
 */
export function withParts(process: Process, parts: Partial<Process>): Process {
  const { alphabet, stateDim, initial, normalizer, certificate, storage } = process;
  return {
    alphabet,
    stateDim,
    initial,
    normalizer,
    certificate,
    ...(storage === undefined ? {} : { storage }),
    step: (belief, token, out) => process.step(belief, token, out),
    operator: (token) => process.operator(token),
    ...parts,
  };
}
