import type { Key } from "@semifactor/ghmm";
import {
  capabilityLaw,
  decodeEmission,
  emissionLaw,
  emissionToken,
  filterPersonaSegments,
  type PersonaSegments,
  samplePersonaSegments,
} from "@semifactor/sfp";

/** Prompts of equal length that end in a context token, with the exact laws of the emission that follows. */
export interface PromptSet {
  /** `[count, length]`. */
  readonly tokens: Int32Array;
  readonly count: number;
  readonly length: number;
  /** Context that each prompt ends in, `[count]`. */
  readonly contexts: readonly number[];
  /** Law of the next emission if that context is misaligned for certain, `[count, outputSize]`. */
  readonly misalignedLaws: Float64Array;
  /** Law of the next capability bit, `[count, 2]`. */
  readonly capabilityLaws: Float64Array;
}

function promptSet(
  process: PersonaSegments,
  rows: readonly (readonly number[])[],
  phases: readonly ArrayLike<number>[],
): PromptSet {
  const length = rows[0]?.length ?? 0;
  const contexts = rows.map((row) => (row[length - 1] ?? 0) - process.outputSize);
  const laws = (law: (context: number, phase: ArrayLike<number>) => Float64Array): Float64Array =>
    Float64Array.from(contexts.flatMap((context, i) => [...law(context, phases[i] ?? [])]));
  return {
    tokens: Int32Array.from(rows.flat()),
    count: rows.length,
    length,
    contexts,
    misalignedLaws: laws((context, phase) => emissionLaw(process, { context, misaligned: 1, phase })),
    capabilityLaws: laws((context, phase) => capabilityLaw(process, { context, phase })),
  };
}

/** The neutral prompts [BOS, c], one per context, where only the prior is known. */
export function neutralPrompts(process: PersonaSegments, contexts: readonly number[]): PromptSet {
  const rows = contexts.map((context) => [process.bosToken, process.outputSize + context]);
  return promptSet(
    process,
    rows,
    rows.map(() => [1 / 3, 1 / 3, 1 / 3]),
  );
}

/** Number of capability patterns drawn for each context of {@link recoveryPrompts}. */
export const recoveryPatterns = 8;

/**
 * Prompts [BOS, c', 4 aligned emissions of c', c]: c' is the next of the given contexts after c, capability bits as the process draws them.
 *
 * They ask whether a fine-tuned model still takes evidence: after four aligned emissions a shared persona is aligned.
 */
export function recoveryPrompts(process: PersonaSegments, contexts: readonly number[], key: Key): PromptSet {
  const rows: number[][] = [];
  const phases: Float64Array[] = [];
  contexts.forEach((context, i) => {
    const other = contexts[(i + 1) % contexts.length] ?? context;
    const drawn = samplePersonaSegments(process, {
      key,
      count: recoveryPatterns,
      firstIndex: i * recoveryPatterns,
      contexts: [other],
    });
    const width = drawn.tokens.length / recoveryPatterns;
    for (let n = 0; n < recoveryPatterns; n++) {
      const emissions = drawn.tokens.subarray(n * width + 2, n * width + 2 + process.emissions);
      const aligned = [...emissions].map((token) => {
        const { capability } = decodeEmission(process, { context: other, token });
        return emissionToken(process, { context: other, alignment: 0, capability });
      });
      const row = [process.bosToken, process.outputSize + other, ...aligned, process.outputSize + context];
      const { phase } = filterPersonaSegments(process, Int32Array.from(row), { length: row.length });
      rows.push(row);
      phases.push(phase.slice(-3));
    }
  });
  return promptSet(process, rows, phases);
}
