import { InvalidArgumentError } from "../numeric/errors.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "alpha", range: [-1e6, 1e6], example: 1, meaning: "weight of leaving the qubit alone" },
  { name: "beta", range: [-1e6, 1e6], example: 3, meaning: "weight of measuring it" },
];

/**
 * Tom's quantum process, a walk on the Bloch ball: a qubit is measured weakly along z or x, at random. Kraus operators
 * `K = (alpha I + s beta P) / (2 sqrt(alpha^2 + beta^2))` for the tokens `z+`, `z-`, `x+`, `x-` (sign `s`, Pauli matrix `P`).
 *
 * The state is `(1, x, z)` of the density matrix `(I + x sigma_x + z sigma_z) / 2` (y is 0 and stays 0), `w = (1, 0, 0)`;
 * starts in its stationary state, the maximally mixed one. Certificate `kraus`.
 *
 * @throws InvalidArgumentError unless `alpha` and `beta` are from -10^6 to 10^6, or if both are smaller than 10^-100
 * @example
 * ```ts
 * import { beliefState, tomQuantum } from "@semifactor/ghmm";
 *
 * const process = tomQuantum({ alpha: 1, beta: 1 });
 * expect(Array.from(beliefState(process, [0]))).toEqual([1, 0, 1]); // z+ leaves the qubit up
 * ```
 *
 * Source: Riechers, Elliott and Shai, "Neural networks leverage nominally quantum and post-quantum representations" (2025),
 * arXiv 2507.07432.
 */
export function tomQuantum({ alpha, beta }: { readonly alpha: number; readonly beta: number }): Process {
  const source = "tomQuantum";
  checkParameters(source, PARAMETERS, { alpha, beta });
  const size = alpha ** 2 + beta ** 2;
  if (size < 1e-200) {
    throw new InvalidArgumentError({
      source,
      problem: `alpha is ${alpha} and beta is ${beta}`,
      remedy: "Give alpha and beta from -1000000 to 1000000, not both 0",
    });
  }
  const keep = 1 / 4;
  const damp = (alpha ** 2 - beta ** 2) / (4 * size);
  const turn = (alpha * beta) / (2 * size);
  const alongZ = (o: number) => Float64Array.of(keep, 0, o, 0, damp, 0, o, 0, keep);
  const alongX = (o: number) => Float64Array.of(keep, o, 0, o, keep, 0, 0, 0, damp);
  return storeProcess({
    operators: [alongZ(turn), alongZ(-turn), alongX(turn), alongX(-turn)],
    initial: Float64Array.of(1, 0, 0),
    normalizer: Float64Array.of(1, 0, 0),
    alphabet: ["z+", "z-", "x+", "x-"],
    certificate: { kind: "kraus", dimension: 2, factors: [{ dimension: 2, coordinates: "bloch-xz" }] },
  });
}

/** The entry of {@link tomQuantum} in the list of processes. */
export const tomQuantumDescription = description({
  name: "tomQuantum",
  summary: "A qubit measured weakly along z or x, at random",
  parameters: PARAMETERS,
  condition: "alpha and beta are not both 0",
  alphabet: ["z+", "z-", "x+", "x-"],
  states: ["trace", "x", "z"],
  create: tomQuantum,
});
