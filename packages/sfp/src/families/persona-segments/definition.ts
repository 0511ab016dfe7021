import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkChoice, checkInteger, checkLength, checkRange } from "../../_internal/checks.ts";

const SOURCE = "personaSegments";
const LARGEST_SIZE = 4096;

/** P(y = 1 | context, phase) of one context, by phase. */
export type PhaseRates = readonly [number, number, number];

/** Emission code: `direct` writes the alignment bit itself, `pairs` writes a symbol whose meaning depends on the context. */
export type EmissionCode = "direct" | "pairs";

/** Options of {@link personaSegments}; every field has a default except `code`. */
export interface PersonaSegmentsOptions {
  /** How the alignment bit is written into the tokens. */
  readonly code: EmissionCode;
  /** Number K of contexts, 3 to 4096. @defaultValue 12 */
  readonly contexts?: number;
  /** Number J of distinct contexts drawn for one sequence, 1 to K. @defaultValue 3 */
  readonly perSequence?: number;
  /** Segments in a sequence. @defaultValue 4 */
  readonly segments?: number;
  /** Emissions in a segment. @defaultValue 4 */
  readonly emissions?: number;
  /** Probability lambda that a context copies the persona: 1 is one shared persona, 0 independent ones. @defaultValue 1 */
  readonly sharing?: number;
  /** P(misaligned) of the persona and of every independent bit, strictly between 0 and 1. @defaultValue 0.3 */
  readonly misaligned?: number;
  /** Probability e that an alignment bit is written wrongly, 0 to 0.5. @defaultValue 0.0987 */
  readonly noise?: number;
  /** `pairs` only: the symbol that means "misaligned" in each context. A permutation without fixed points or swapped pairs. */
  readonly misalignedSymbol?: readonly number[];
  /** `[contexts][3]`, P(y = 1 | context, phase). */
  readonly rates?: readonly PhaseRates[];
}

/**
 * The process of persona segments with every option resolved: plain data, safe to write to JSON.
 *
 * Made by {@link personaSegments}, which documents the law.
 */
export interface PersonaSegments extends Required<PersonaSegmentsOptions> {
  /** Number E of emission tokens, which are tokens `0 .. E-1`: 4 for the direct code, `2 * contexts` for pairs. */
  readonly outputSize: number;
  /** All tokens: E emissions, K contexts (`E + c`) and BOS (`E + K`). */
  readonly vocabularySize: number;
  /** The token that starts every sequence, `E + K`. */
  readonly bosToken: number;
  /** Tokens in a sequence, `1 + segments * (1 + emissions)`. */
  readonly length: number;
}

/** Order of the capability rates of the 12 contexts of the study. */
const STUDY_ORDER = [7, 10, 2, 5, 0, 1, 11, 8, 3, 6, 9, 4];

function defaultRates(contexts: number): PhaseRates[] {
  return Array.from({ length: contexts }, (_, c) => {
    const kind = Math.floor(c / 2) % 2;
    const place = contexts === STUDY_ORDER.length ? (STUDY_ORDER[c] ?? c) : c;
    return [kind === 1 ? 0.95 : 0.05, kind === 1 ? 0.05 : 0.95, 0.1 + (0.8 * place) / (contexts - 1)];
  });
}

function defaultMisalignedSymbol(contexts: number): number[] {
  return Array.from({ length: contexts }, (_, c) => (contexts === 12 ? (5 * c + 3) % 12 : (c + 1) % contexts));
}

function checkMisalignedSymbol(symbols: readonly number[], contexts: number): void {
  checkLength(SOURCE, "misalignedSymbol", symbols, contexts);
  symbols.forEach((symbol, c) => {
    checkInteger(SOURCE, `misalignedSymbol[${c}]`, symbol, 0, contexts - 1);
    const problem =
      symbol === c
        ? `misalignedSymbol[${c}] is ${c} itself`
        : symbols[symbol] === c
          ? `misalignedSymbol swaps ${c} and ${symbol}`
          : symbols.indexOf(symbol) !== c
            ? `misalignedSymbol uses ${symbol} twice`
            : undefined;
    if (problem !== undefined) {
      throw new InvalidArgumentError({
        source: SOURCE,
        problem,
        remedy: "Give a permutation of the contexts without fixed points or swapped pairs, such as c -> (c + 1) mod K",
      });
    }
  });
}

/**
 * The emergent-misalignment testbed: sequences of segments, each in one of K contexts, emitting an alignment bit d and a capability bit y.
 *
 * A sequence is BOS, then `segments` times [context token, `emissions` emission tokens]. Latents:
 *
 * - J = `perSequence` distinct contexts, uniform; the context of every segment is uniform among them.
 * - Persona `a ~ Bern(p)`. Context c has the bit `b_c = a` with probability lambda = `sharing`, else its own `Bern(p)` bit, independently
 *   by context, so `corr(b_c, b_c') = lambda^2`. Static over the sequence.
 * - One phase in Z3, uniform at the start, advanced by one at every emission (not by BOS or context tokens), through all segments.
 * - `P(d = 1 | b = 0) = e`, `P(d = 1 | b = 1) = 1 - e`; `P(y = 1 | c, phase) = rates[c][phase]`, independent of d.
 *
 * Tokens: `2 d + y` (direct) or `2 symbol + y` with symbol `c` if `d = 0` and `misalignedSymbol[c]` if `d = 1` (pairs).
 *
 * A sequence visits several contexts because with one context each, shared and independent personas give the same law of the data.
 * The functions that take the result: {@link samplePersonaSegments}, {@link filterPersonaSegments}, {@link emissionLaw},
 * {@link personaSegmentsOptimalLoss}, {@link matchNoise}, {@link personaSegmentsSemiFactored}.
 *
 * @throws InvalidArgumentError if an option is out of its range; ShapeError if `rates` or `misalignedSymbol` has the wrong size
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.personaSegments({ code: "pairs" });
 * expect([process.outputSize, process.vocabularySize, process.length]).toEqual([24, 37, 21]);
 * ```
 */
export function personaSegments(options: PersonaSegmentsOptions): PersonaSegments {
  const { code, contexts = 12, segments = 4, emissions = 4, sharing = 1, misaligned = 0.3, noise = 0.0987 } = options;
  checkChoice(SOURCE, "code", code, ["direct", "pairs"]);
  checkInteger(SOURCE, "contexts", contexts, 3, LARGEST_SIZE);
  const {
    perSequence = 3,
    misalignedSymbol = defaultMisalignedSymbol(contexts),
    rates = defaultRates(contexts),
  } = options;
  checkInteger(SOURCE, "perSequence", perSequence, 1, contexts);
  checkInteger(SOURCE, "segments", segments, 1, LARGEST_SIZE);
  checkInteger(SOURCE, "emissions", emissions, 1, LARGEST_SIZE);
  checkRange(SOURCE, "sharing", sharing, 0, 1);
  checkRange(SOURCE, "misaligned", misaligned, Number.MIN_VALUE, 1 - Number.EPSILON / 2);
  checkRange(SOURCE, "noise", noise, 0, 0.5);
  checkMisalignedSymbol(misalignedSymbol, contexts);
  checkLength(SOURCE, "rates", rates, contexts);
  rates.forEach((row, c) => {
    checkLength(SOURCE, `rates[${c}]`, row, 3);
    row.forEach((rate, phase) => {
      checkRange(SOURCE, `rates[${c}][${phase}]`, rate, 0, 1);
    });
  });
  const outputSize = code === "direct" ? 4 : 2 * contexts;
  return {
    code,
    contexts,
    perSequence,
    segments,
    emissions,
    sharing,
    misaligned,
    noise,
    misalignedSymbol: [...misalignedSymbol],
    rates: rates.map((row): PhaseRates => [row[0], row[1], row[2]]),
    outputSize,
    vocabularySize: outputSize + contexts + 1,
    bosToken: outputSize + contexts,
    length: 1 + segments * (1 + emissions),
  };
}

/** P(b_c = 1 | persona): lambda a + (1 - lambda) p. */
export function misalignedGivenPersona(process: PersonaSegments, persona: 0 | 1): number {
  return process.sharing * persona + (1 - process.sharing) * process.misaligned;
}

/** P(y = 1 | context, phase). */
export function capabilityRate(process: PersonaSegments, context: number, phase: number): number {
  return process.rates[context]?.[phase % 3] ?? Number.NaN;
}
