/**
 * Test oracle: the law of persona segments by enumerating every persona, every assignment of context bits and every phase.
 * Written from the definition, sharing no arithmetic with the filter.
 */
import type { PersonaSegments } from "../definition.ts";

export interface Assignment {
  readonly persona: 0 | 1;
  readonly bits: readonly (0 | 1)[];
  readonly phase: 0 | 1 | 2;
  readonly prior: number;
}

const BITS = [0, 1] as const;
const PHASES = [0, 1, 2] as const;

export function enumerateAssignments(process: PersonaSegments): readonly Assignment[] {
  const { contexts, sharing, misaligned } = process;
  return BITS.flatMap((persona) =>
    Array.from({ length: 2 ** contexts }, (_, code) =>
      Array.from({ length: contexts }, (_, c): 0 | 1 => (((code >> c) & 1) === 1 ? 1 : 0)),
    ).flatMap((bits) =>
      PHASES.map((phase) => {
        let prior = (persona === 1 ? misaligned : 1 - misaligned) / 3;
        for (const bit of bits) {
          prior *= sharing * (bit === persona ? 1 : 0) + (1 - sharing) * (bit === 1 ? misaligned : 1 - misaligned);
        }
        return { persona, bits, phase, prior };
      }),
    ),
  );
}

/** Token of (context, d, y), from the definition of the codes. */
export function oracleToken(process: PersonaSegments, context: number, d: number, y: number): number {
  if (process.code === "direct") return 2 * d + y;
  return 2 * (d === 1 ? (process.misalignedSymbol[context] ?? -1) : context) + y;
}

/** P(token | assignment, current context, number of emissions so far). */
export function emissionProbability(
  process: PersonaSegments,
  { bits, phase }: Assignment,
  context: number,
  emitted: number,
  token: number,
): number {
  const one = bits[context] === 1 ? 1 - process.noise : process.noise;
  const rate = process.rates[context]?.[(phase + emitted) % 3] ?? Number.NaN;
  let probability = 0;
  for (const d of BITS) {
    for (const y of BITS) {
      if (oracleToken(process, context, d, y) !== token) continue;
      probability += (d === 1 ? one : 1 - one) * (y === 1 ? rate : 1 - rate);
    }
  }
  return probability;
}

/** Every sequence of `depth` contexts with its probability under the J-of-K law. */
export function enumerateContexts(
  { contexts, perSequence }: PersonaSegments,
  depth: number,
): readonly { readonly sequence: readonly number[]; readonly probability: number }[] {
  const subsets = Array.from({ length: 2 ** contexts }, (_, code) =>
    Array.from({ length: contexts }, (_, c) => c).filter((c) => ((code >> c) & 1) === 1),
  ).filter((subset) => subset.length === perSequence);
  const total = new Map<string, { sequence: number[]; probability: number }>();
  for (const subset of subsets) {
    let sequences: number[][] = [[]];
    for (let s = 0; s < depth; s++) sequences = sequences.flatMap((head) => subset.map((c) => [...head, c]));
    for (const sequence of sequences) {
      const key = sequence.join();
      const known = total.get(key)?.probability ?? 0;
      total.set(key, { sequence, probability: known + 1 / subsets.length / subset.length ** depth });
    }
  }
  return [...total.values()];
}

/** Mean loss of the full token at each emission, by enumerating contexts, emissions and assignments. */
export function enumerateLoss(process: PersonaSegments): readonly number[] {
  const { segments, emissions } = process;
  const assignments = enumerateAssignments(process);
  const loss = new Array<number>(segments * emissions).fill(0);
  for (const { sequence, probability } of enumerateContexts(process, segments)) {
    const visit = (t: number, weights: readonly number[]): void => {
      if (t === segments * emissions) return;
      const context = sequence[Math.floor(t / emissions)] ?? 0;
      const before = weights.reduce((sum, w) => sum + w, 0);
      for (const d of BITS) {
        for (const y of BITS) {
          const token = oracleToken(process, context, d, y);
          const next = assignments.map(
            (one, i) => (weights[i] ?? 0) * emissionProbability(process, one, context, t, token),
          );
          const after = next.reduce((sum, w) => sum + w, 0);
          if (after === 0) continue;
          loss[t] = (loss[t] ?? 0) - probability * after * Math.log(after / before);
          visit(t + 1, next);
        }
      }
    };
    visit(
      0,
      assignments.map(({ prior }) => prior),
    );
  }
  return loss;
}
