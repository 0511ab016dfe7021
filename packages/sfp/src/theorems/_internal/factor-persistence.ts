import { type Process, singularValueDecomposition } from "@semifactor/ghmm";
import {
  applied,
  checkInteger,
  dot,
  largestDifference,
  multiply,
  netOperator,
  operatorsOf,
} from "@semifactor/ghmm/internal";
import { checkLength } from "../../_internal/checks.ts";

const SOURCE = "checkTheorem";

/** A factor whose differences are claimed to shrink by `memory[c]` at state `c` of the other. */
export interface MemoryClaim {
  readonly process: Process;
  readonly dimensions: readonly [number, number];
  /** `mu`, `[dC]`. */
  readonly memory: ArrayLike<number>;
  /** 4 by default. */
  readonly horizon?: number;
}

/** A factor that is claimed to move on its own by a reversible chain. */
export interface MixingClaim {
  readonly process: Process;
  readonly dimensions: readonly [number, number];
  /** Stationary law of the factor's chain, `[dA]`. */
  readonly stationary: ArrayLike<number>;
  /** `|lambda_2|` of the factor's chain. */
  readonly rate: number;
  /** 6 by default. */
  readonly horizon?: number;
}

function netOf(process: Process, [dA, dC]: readonly [number, number], horizon: number): Float64Array {
  checkInteger(SOURCE, "horizon", horizon, 0, 100);
  checkLength(SOURCE, "initial", process.initial, dA * dC);
  return netOperator(operatorsOf(process), dA * dC);
}

/** Sum of `prod mu` over all paths of the second factor from `c`, each with its probability: by enumeration. */
function overPaths(chain: Float64Array, memory: ArrayLike<number>, c: number, steps: number): number {
  if (steps === 0) return 1;
  const dC = memory.length;
  let sum = 0;
  for (let next = 0; next < dC; next++) {
    const p = chain[c * dC + next] ?? 0;
    if (p !== 0) sum += p * overPaths(chain, memory, next, steps - 1);
  }
  return (memory[c] ?? 0) * sum;
}

/** `((e_a - e_0) (x) e_c) T^t`, contracted with `w_C`, is `(e_a - e_0) E_c[prod mu]`. */
export function memoryResidual({ process, dimensions, memory, horizon = 4 }: MemoryClaim): number {
  const [dA, dC] = dimensions;
  const net = netOf(process, dimensions, horizon);
  checkLength(SOURCE, "memory", memory, dC);
  const chain = Float64Array.from({ length: dC * dC }, (_, i) => {
    const from = Math.floor(i / dC) * dA * dC + (i % dC);
    return Array.from({ length: dA }, (__, to) => net[from + to * dC] ?? 0).reduce((sum, p) => sum + p, 0);
  });
  let worst = 0;
  for (let c = 0; c < dC; c++) {
    for (let a = 1; a < dA; a++) {
      let change: Float64Array = Float64Array.from(
        { length: dA * dC },
        (_, s) => Number(s === a * dC + c) - Number(s === c),
      );
      for (let t = 0; t <= horizon; t++) {
        const kept = overPaths(chain, memory, c, t);
        const first = Float64Array.from({ length: dA }, (_, s) =>
          dot(change.subarray(s * dC, (s + 1) * dC), process.normalizer.subarray(s * dC, (s + 1) * dC)),
        );
        const expected = Float64Array.from({ length: dA }, (_, s) => kept * (Number(s === a) - Number(s === 0)));
        worst = Math.max(worst, largestDifference(first, expected));
        change = applied(change, net);
      }
    }
  }
  return worst;
}

/** `T_A(t)` seen through the second factor at `c`: `sum_c' T^t[(a, c), (a', c')]`, `[dA, dA]`. */
function throughOther(power: Float64Array, [dA, dC]: readonly [number, number], c: number): Float64Array {
  return Float64Array.from({ length: dA * dA }, (_, i) => {
    const from = (Math.floor(i / dA) * dC + c) * dA * dC + (i % dA) * dC;
    return power.subarray(from, from + dC).reduce((sum, value) => sum + value, 0);
  });
}

/** In the norm `|x|^2 = sum x_a^2 / pi_a`, `A^t` shrinks changes by `rate^t` exactly in the worst direction. */
export function mixingResidual({ process, dimensions, stationary, rate, horizon = 6 }: MixingClaim): number {
  const [dA, dC] = dimensions;
  const d = dA * dC;
  const net = netOf(process, dimensions, horizon);
  checkLength(SOURCE, "stationary", stationary, dA);
  const root = Float64Array.from(stationary, Math.sqrt);
  let power: Float64Array = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
  let worst = 0;
  for (let t = 0; t <= horizon; t++) {
    for (let c = 0; c < dC; c++) {
      const own = throughOther(power, dimensions, c);
      // on changes (sum zero) D^(1/2) A^t D^(-1/2) - sqrt(pi) sqrt(pi)^T
      const changes = own.map((value, i) => {
        const [from, to] = [root[Math.floor(i / dA)] ?? 0, root[i % dA] ?? 0];
        return (from * value) / to - from * to;
      });
      const largest = singularValueDecomposition(changes, [dA, dA]).values[0] ?? 0;
      worst = Math.max(worst, Math.abs(largest - rate ** t));
    }
    power = multiply(power, net, d);
  }
  return worst;
}
