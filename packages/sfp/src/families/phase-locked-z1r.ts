import { createHmm } from "@semifactor/ghmm";
import { checkRange } from "../_internal/checks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";

/** Options of {@link phaseLockedZ1r}. */
export interface PhaseLockedZ1rOptions {
  /** Coupling of the two random bits, 0 to 1. @defaultValue 0 */
  readonly kappa?: number;
  /** Correlation of the two phases at the start, 0 (none) to 1 (equal). @defaultValue 0 */
  readonly alpha?: number;
}

/** P(u, y | a, c): deterministic unless a phase is R (2); the two random bits agree with probability (1 + kappa) / 2. */
function emission(u: number, y: number, a: number, c: number, kappa: number): number {
  if (a === 2 && c === 2) return (1 + (u === y ? kappa : -kappa)) / 4;
  const first = a === 2 ? 1 / 2 : u === a ? 1 : 0;
  const second = c === 2 ? 1 / 2 : y === c ? 1 : 0;
  return first * second;
}

/**
 * Z9: two Zero-One-Random factors whose phases advance together, so `k = a - c mod 3` is conserved. A graph SFP.
 *
 * State `(a, c)`, token `2 u + y`, `T^(u,y)[(a, c)][(a + 1, c + 1)] = e(u, y | a, c)`; when both phases are R,
 * `e = (1 + kappa) / 4` if `u = y` and `(1 - kappa) / 4` otherwise. Blocks `beta_k = {(a, c): a - c = k}`, start
 * `omega = (1 + 2 alpha, 1 - alpha, 1 - alpha) / 3` on the blocks, uniform inside.
 *
 * At `kappa = alpha = 0` it is a product of independent factors and has three invariant blocks too: blocks are not factors. Both factor
 * processes are Zero-One-Random(1/2) for every kappa and alpha; the entropy rate is `2/3 - (1 + 2 alpha)(1 - H2((1 + kappa) / 2)) /
 * 9` bits.
 *
 * @throws InvalidArgumentError if kappa or alpha is not from 0 to 1
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.phaseLockedZ1r({ kappa: 0.5 });
 * expect(process.kind).toBe("graph");
 * expect(process.partition.blocks.map(({ states }) => states)).toEqual([[0, 4, 8], [2, 3, 7], [1, 5, 6]]);
 * ```
 */
export function phaseLockedZ1r(options: PhaseLockedZ1rOptions = {}): SemiFactoredProcess {
  const { kappa = 0, alpha = 0 } = options;
  checkRange("phaseLockedZ1r", "kappa", kappa, 0, 1);
  checkRange("phaseLockedZ1r", "alpha", alpha, 0, 1);
  const phases = [0, 1, 2];
  const states = phases.flatMap((a) => phases.map((c) => [a, c] as const));
  const operators = [0, 1, 2, 3].map((token) =>
    states.map(([a, c]) =>
      states.map(([aTo, cTo]) =>
        aTo === (a + 1) % 3 && cTo === (c + 1) % 3 ? emission(token >> 1, token & 1, a, c, kappa) : 0,
      ),
    ),
  );
  return semiFactored({
    process: createHmm({
      operators,
      initial: states.map(([a, c]) => (a === c ? 1 + 2 * alpha : 1 - alpha) / 9),
      alphabet: ["0,0", "0,1", "1,0", "1,1"],
    }),
    structure: tensorStructure({
      factors: [
        { name: "first phase", dimension: 3 },
        { name: "second phase", dimension: 3 },
      ],
    }),
    blocks: phases.map((k) => phases.map((c) => [(c + k) % 3, c] as const)),
    tokenSizes: [2, 2],
  });
}
