import { dot, multiply, vectorTimesMatrix } from "../numeric/matrix.ts";
import { checkShortWords } from "../process/certificate.ts";
import type { Process } from "../process/process.ts";
import { denseStorage } from "../process/storage/dense.ts";
import { type ProcessParts, storeProcess } from "../process/store.ts";
import { imagesOf, inBasisOfRays, raysOf } from "./_internal/minimal-certificate.ts";
import { operatorMaps, transpose } from "./_internal/operator-maps.ts";
import { restrict } from "./_internal/restrict.ts";
import { backwardSpace, forwardSpace, type KrylovOptions, readTolerance } from "./krylov.ts";

/** A process of the smallest dimension, and how it was reached. */
export interface MinimalRealization {
  /** The smallest process with the same word probabilities: the process itself if it is minimal. */
  readonly process: Process;
  /** Its dimension, the rank of the Hankel matrix. */
  readonly rank: number;
  /** Row-major `[d, rank]`: the belief of the minimal process after a word is the belief of the given one times this. */
  readonly map: Float64Array;
  /** Length of the part of an image of a basis vector that left its space: the error of the operators. */
  readonly residual: number;
}

/** Vectors `[d]` as the columns of a row-major `[d, k]` matrix. */
function columnsOf(basis: readonly Float64Array[], d: number): Float64Array {
  return Float64Array.from({ length: d * basis.length }, (_, i) => {
    return basis[i % basis.length]?.[Math.floor(i / basis.length)] ?? 0;
  });
}

function image(vector: Float64Array, map: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k);
  vectorTimesMatrix(vector, map, k, out);
  return out;
}

/** An HMM without the states that it never reaches, and which states are left. */
function withoutUnreachable(process: Process): { readonly process: Process; readonly states: readonly number[] } {
  const d = process.stateDim;
  const operators = process.alphabet.map((_, token) => process.operator(token));
  const states = Array.from(process.initial.keys()).filter((s) => (process.initial[s] ?? 0) > 0);
  const known = new Set(states);
  for (const from of states) {
    for (let to = 0; to < d; to++) {
      if (known.has(to) || operators.every((operator) => operator[from * d + to] === 0)) continue;
      known.add(to);
      states.push(to);
    }
  }
  if (states.length === d) return { process, states };
  states.sort((a, b) => a - b);
  const of = (operator: Float64Array) => states.flatMap((from) => states.map((to) => operator[from * d + to] ?? 0));
  const { alphabet, certificate } = process;
  const reached = storeProcess({
    operators: operators.map((operator) => Float64Array.from(of(operator))),
    initial: Float64Array.from(states, (s) => process.initial[s] ?? 0),
    normalizer: Float64Array.from(states, () => 1),
    alphabet,
    certificate,
  });
  return { process: reached, states };
}

/** Merges what no future tells apart: beliefs modulo `B^perp`. */
function observable(source: string, process: Process, tolerance: number): MinimalRealization | undefined {
  const { basis, dimension: k } = backwardSpace(process, { tolerance });
  if (k === process.stateDim) return undefined;
  const map = columnsOf(basis, process.stateDim);
  const { matrices, residual } = restrict(operatorMaps(source, process, true), basis);
  const parts: ProcessParts = {
    operators: matrices.map((matrix) => transpose(matrix, k)),
    initial: image(process.initial, map, k),
    normalizer: Float64Array.from(basis, (unit) => dot(unit, process.normalizer)),
    alphabet: process.alphabet,
    certificate: process.certificate,
  };
  const rays = imagesOf(raysOf(process) ?? [], map, parts.normalizer);
  const rebased = inBasisOfRays(parts, rays);
  if (rebased !== undefined) {
    return { process: storeProcess(rebased.parts), rank: k, map: multiply(map, rebased.inverse, k), residual };
  }
  const certificate = rays.length > 0 ? ({ kind: "cone", rays } as const) : testWords(source, parts);
  return { process: storeProcess({ ...parts, certificate }), rank: k, map, residual };
}

/** Restricts a process to the space that its beliefs span. */
function reachable(source: string, process: Process, tolerance: number): MinimalRealization | undefined {
  const { basis, dimension: k } = forwardSpace(process, { tolerance });
  if (k === process.stateDim) return undefined;
  const map = columnsOf(basis, process.stateDim);
  const { matrices, residual } = restrict(operatorMaps(source, process, false), basis);
  const parts: ProcessParts = {
    operators: matrices,
    initial: image(process.initial, map, k),
    normalizer: Float64Array.from(basis, (unit) => dot(unit, process.normalizer)),
    alphabet: process.alphabet,
    certificate: process.certificate,
  };
  return { process: storeProcess({ ...parts, certificate: testWords(source, parts) }), rank: k, map, residual };
}

function testWords(source: string, parts: ProcessParts) {
  const { operators, initial } = parts;
  return checkShortWords(source, denseStorage(operators, initial.length), operators.length, parts);
}

/**
 * The smallest process with the same word probabilities, from orthonormal bases of the backward space (beliefs with the same
 * future are merged) and of the forward space (what no belief reaches is dropped).
 *
 * Beliefs map linearly: `b_minimal = b map`. A process that is minimal already comes back as it is. The certificate is kept
 * where it can be proved: an HMM whose states merge into as many as the rank stays an HMM, other cones are mapped; a process
 * restricted to the span of its beliefs is `unchecked`, since a cone need not stay polyhedral with known rays.
 *
 * @throws InvalidArgumentError if `tolerance` is not between 0 and 1
 * @throws UnsupportedError if the operators do not fit into memory
 * @example
 * ```ts
 * import { createHmm, minimalRealization, wordProbability } from "@semifactor/ghmm";
 *
 * // The golden mean process with its first state in two equal copies.
 * const redundant = createHmm({
 *   operators: [
 *     [[0.25, 0.25, 0], [0.25, 0.25, 0], [0.5, 0.5, 0]],
 *     [[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]],
 *   ],
 * });
 * const { process, rank } = minimalRealization(redundant);
 * expect([rank, process.certificate.kind]).toEqual([2, "hmm"]);
 * expect(wordProbability(process, [0, 1, 0])).toBeCloseTo(wordProbability(redundant, [0, 1, 0]), 12);
 * ```
 *
 * Source: T5; Jaeger, "Observable operator models for discrete stochastic time series", Neural Computation 12 (2000).
 */
export function minimalRealization(process: Process, options: KrylovOptions = {}): MinimalRealization {
  const source = "minimalRealization";
  const tolerance = readTolerance(source, options.tolerance);
  const d = process.stateDim;
  let current = process;
  let map: Float64Array | undefined;
  let residual = 0;
  const follow = (next: { readonly process: Process; readonly map: Float64Array }): void => {
    map = map === undefined ? next.map : multiply(map, next.map, current.stateDim);
    current = next.process;
  };
  if (process.certificate.kind === "hmm" && process.storage?.kind !== "kronecker") {
    const reached = withoutUnreachable(process);
    if (reached.process !== process) {
      const units = reached.states.map((state) => Float64Array.from({ length: d }, (_, s) => (s === state ? 1 : 0)));
      follow({ process: reached.process, map: columnsOf(units, d) });
    }
  }
  for (const step of [observable, reachable]) {
    const reduced = step(source, current, tolerance);
    if (reduced === undefined) continue;
    residual = Math.max(residual, reduced.residual);
    follow(reduced);
  }
  const identity = () => Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
  return { process: current, rank: current.stateDim, map: map ?? identity(), residual };
}
