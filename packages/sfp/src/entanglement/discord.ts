import { ShapeError } from "@semifactor/ghmm";
import { unitsPerNat } from "@semifactor/ghmm/internal";
import { hermitianEigenvalues } from "./_internal/hermitian-eigen.ts";
import { readDensity } from "./_internal/read-density.ts";
import { spectrumEntropy } from "./_internal/spectrum-entropy.ts";
import type { Square } from "./_internal/square.ts";
import type { DensityEntropyOptions, DensityMatrix } from "./density-matrix.ts";
import { traceOut } from "./partial-trace.ts";

type Direction = readonly [number, number, number];

/** `rho = (I (x) r_0 + sum_k sigma_k (x) r_k) / 2` with the second factor written first: `r_k = tr_C(rho I (x) sigma_k)`. */
function blochBlocks({ n, re, im }: Square): readonly Square[] {
  const d = n / 2;
  const block = (c: number, cTo: number) => {
    const pick = (part: Float64Array | undefined) =>
      Float64Array.from({ length: d * d }, (_, at) => {
        return part?.[(Math.floor(at / d) * 2 + c) * n + (at % d) * 2 + cTo] ?? 0;
      });
    return { re: pick(re), im: pick(im) };
  };
  const [b00, b01, b10, b11] = [block(0, 0), block(0, 1), block(1, 0), block(1, 1)];
  const combine = (f: (at: number) => readonly [number, number]): Square => {
    const pairs = Array.from({ length: d * d }, (_, at) => f(at));
    return { n: d, re: Float64Array.from(pairs, ([x]) => x), im: Float64Array.from(pairs, ([, y]) => y) };
  };
  const value = (part: Float64Array, at: number): number => part[at] ?? 0;
  return [
    combine((at) => [value(b00.re, at) + value(b11.re, at), value(b00.im, at) + value(b11.im, at)]),
    combine((at) => [value(b01.re, at) + value(b10.re, at), value(b01.im, at) + value(b10.im, at)]),
    combine((at) => [value(b10.im, at) - value(b01.im, at), value(b01.re, at) - value(b10.re, at)]),
    combine((at) => [value(b00.re, at) - value(b11.re, at), value(b00.im, at) - value(b11.im, at)]),
  ];
}

/** Mean entropy, in nats, of the first factor after the second is measured along a direction. */
function conditionalEntropy(blocks: readonly Square[], direction: Direction): number {
  const [base, ...axes] = blocks;
  if (base === undefined) return 0;
  let total = 0;
  for (const sign of [1, -1]) {
    const mix = (part: "re" | "im") =>
      Float64Array.from({ length: base.re.length }, (_, at) => {
        const tilt = axes.reduce((sum, axis, k) => sum + (direction[k] ?? 0) * (axis[part]?.[at] ?? 0), 0);
        return ((base[part]?.[at] ?? 0) + sign * tilt) / 2;
      });
    const values = hermitianEigenvalues({ n: base.n, re: mix("re"), im: mix("im") });
    let weight = 0;
    for (const value of values) {
      if (value <= 0) continue;
      weight += value;
      total -= value * Math.log(value);
    }
    if (weight > 0) total += weight * Math.log(weight);
  }
  return total;
}

const normalized = ([x, y, z]: Direction): Direction => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};

/** Directions of a half sphere: the three axes, and a spiral of even density. */
function directions(count: number): readonly Direction[] {
  const golden = Math.PI * (3 - Math.sqrt(5));
  const spiral = Array.from({ length: count }, (_, k): Direction => {
    const z = (k + 0.5) / count;
    const r = Math.sqrt(1 - z * z);
    return [r * Math.cos(golden * k), r * Math.sin(golden * k), z];
  });
  return [[1, 0, 0], [0, 1, 0], [0, 0, 1], ...spiral];
}

/** The smallest value near a start: steps along two tangents, halved when none helps. */
function descend(f: (direction: Direction) => number, start: Direction, value: number): number {
  let [at, least] = [start, value];
  for (let step = 0.2; step > 1e-8; ) {
    const [x, y, z] = at;
    const helper: Direction = Math.abs(z) < 0.8 ? [0, 0, 1] : [1, 0, 0];
    const u = normalized([y * helper[2] - z * helper[1], z * helper[0] - x * helper[2], x * helper[1] - y * helper[0]]);
    const v: Direction = [y * u[2] - z * u[1], z * u[0] - x * u[2], x * u[1] - y * u[0]];
    const moves = [u, v, u.map((c) => -c), v.map((c) => -c)].map(([a = 0, b = 0, c = 0]): Direction => {
      return normalized([x + step * a, y + step * b, z + step * c]);
    });
    const better = moves.map((move) => ({ move, value: f(move) })).reduce((a, b) => (b.value < a.value ? b : a));
    if (better.value < least) [at, least] = [better.move, better.value];
    else step /= 2;
  }
  return least;
}

/**
 * Quantum discord of a state whose second factor has dimension 2: the part of the quantum mutual information that measuring that factor
 * destroys, `S(rho_C) - S(rho) + min sum_k p_k S(rho_A | k)` over projective measurements, in bits unless `unit` says nats.
 *
 * Zero exactly when some measurement of the second factor leaves the state alone, as of `diag(b)`; the Schmidt entropy for pure states.
 * Unlike entanglement it can be positive for mixtures of products. The minimum is sought from 67 directions of the Bloch sphere and
 * refined from the best four; about a thousand eigenvalue problems of the first factor's size, so slow beyond dimension 8.
 *
 * @param rho - density matrix `[2 dA, 2 dA]`
 * @throws ShapeError if the number of rows is odd
 * @throws InvalidArgumentError if an entry is not finite, `rho` is not Hermitian or has a negative eigenvalue; NotNormalizedError if the
 * trace is not one
 * @example
 * ```ts
 * import { pureDensity, quantumDiscord } from "@semifactor/sfp";
 *
 * expect(quantumDiscord(pureDensity([Math.SQRT1_2, 0, 0, Math.SQRT1_2]))).toBeCloseTo(1, 10);
 * ```
 *
 * Source: Ollivier and Zurek, Phys. Rev. Lett. 88, 017901 (2001).
 */
export function quantumDiscord(rho: DensityMatrix, options: DensityEntropyOptions = {}): number {
  const source = "quantumDiscord";
  const scale = unitsPerNat(source, options.unit ?? "bits");
  const square = readDensity(source, rho, options);
  if (square.n % 2 !== 0) {
    throw new ShapeError({
      source,
      problem: `rho is ${square.n} x ${square.n}`,
      remedy: "Give a state whose second factor has dimension 2",
    });
  }
  const nats = { ...options, unit: "nats" } as const;
  const entropy = (state: Square): number => spectrumEntropy(source, hermitianEigenvalues(state), nats);
  const blocks = blochBlocks(square);
  const f = (direction: Direction): number => conditionalEntropy(blocks, direction);
  const starts = directions(64)
    .map((direction) => ({ direction, value: f(direction) }))
    .sort((a, b) => a.value - b.value)
    .slice(0, 4);
  const least = Math.min(...starts.map(({ direction, value }) => descend(f, direction, value)));
  const second = entropy(traceOut(square, [square.n / 2, 2], "second"));
  return Math.max(0, second - entropy(square) + least) * scale;
}
