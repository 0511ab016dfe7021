import { createHmm, type Process } from "@semifactor/ghmm";
import { eigenvalues, multiply } from "@semifactor/ghmm/internal";

/** An HMM with this net operator, `[d, d]`, whose states emit one of two tokens with the given probabilities. */
export function withEmissions(net: Float64Array, d: number, emissions: ArrayLike<number>): Process {
  return createHmm({
    operators: [0, 1].map((token) =>
      Array.from({ length: d }, (_, s) => {
        const one = emissions[s] ?? 0;
        return net.slice(s * d, (s + 1) * d).map((p) => p * (token === 1 ? one : 1 - one));
      }),
    ),
    initial: new Float64Array(d).fill(1 / d),
  });
}

/** A factor that forgets, beside one that moves on its own. */
export interface ForgetfulFactor {
  readonly process: Process;
  readonly dimensions: readonly [number, number];
  readonly memory: readonly number[];
}

/** The first factor is redrawn from `redraw[c]` with probability `1 - memory[c]`, while the second moves by `chain`. */
export function forgetfulFactor(
  memory: readonly number[],
  redraw: Float64Array,
  chain: Float64Array,
  dA: number,
): ForgetfulFactor {
  const dC = memory.length;
  const d = dA * dC;
  const net = Float64Array.from({ length: d * d }, (_, i) => {
    const [from, to] = [Math.floor(i / d), i % d];
    const [a, c, aTo, cTo] = [Math.floor(from / dC), from % dC, Math.floor(to / dC), to % dC];
    const mu = memory[c] ?? 0;
    return (mu * Number(a === aTo) + (1 - mu) * (redraw[c * dA + aTo] ?? 0)) * (chain[c * dC + cTo] ?? 0);
  });
  const emissions = Float64Array.from({ length: d }, (_, s) => ((3 * s + 1) % 7) / 7);
  return { process: withEmissions(net, d, emissions), dimensions: [dA, dC], memory };
}

/** A factor that moves on its own, with the stationary law and the second eigenvalue of its chain. */
export interface MixingFactor {
  readonly process: Process;
  readonly dimensions: readonly [number, number];
  readonly stationary: Float64Array;
  readonly rate: number;
}

/** The first factor moves by `chain`; the second's next state is drawn from `other`, by both present states. */
export function mixingFactor(chain: Float64Array, other: Float64Array, dA: number, dC: number): MixingFactor {
  const d = dA * dC;
  const net = Float64Array.from({ length: d * d }, (_, i) => {
    const [from, to] = [Math.floor(i / d), i % d];
    return (chain[Math.floor(from / dC) * dA + Math.floor(to / dC)] ?? 0) * (other[from * dC + (to % dC)] ?? 0);
  });
  let power = chain;
  for (let squared = 0; squared < 12; squared++) power = multiply(power, power, dA);
  const { real, imaginary } = eigenvalues(chain, dA);
  return {
    process: withEmissions(
      net,
      d,
      Float64Array.from({ length: d }, (_, s) => ((2 * s + 1) % 5) / 5),
    ),
    dimensions: [dA, dC],
    stationary: power.slice(0, dA),
    rate: Math.hypot(real[1] ?? 0, imaginary[1] ?? 0),
  };
}

/** A reversible chain: symmetric weights, divided by the sums of their rows. */
export function reversibleChain(weights: Float64Array, size: number): Float64Array {
  const symmetric = weights.map((value, i) => 0.02 + value + (weights[(i % size) * size + Math.floor(i / size)] ?? 0));
  return symmetric.map((value, i) => {
    const row = Math.floor(i / size) * size;
    return value / symmetric.subarray(row, row + size).reduce((sum, entry) => sum + entry, 0);
  });
}
