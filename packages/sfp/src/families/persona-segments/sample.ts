import { foldIn, InvalidArgumentError, type Key, randomBits } from "@semifactor/ghmm";
import { checkChoice, checkInteger } from "../../_internal/checks.ts";
import { writeEmission } from "./code.ts";
import { capabilityRate, misalignedGivenPersona, type PersonaSegments } from "./definition.ts";

const TWO_32 = 2 ** 32;

/** Options of {@link samplePersonaSegments}. */
export interface PersonaSegmentsSampleOptions {
  /** Sequence `i` is a pure function of `(key, firstIndex + i)` and of the process. */
  readonly key: Key;
  /** Number of sequences. */
  readonly count: number;
  /** Index of the first sequence. @defaultValue 0 */
  readonly firstIndex?: number;
  /** Narrow data: every segment's context is uniform among these. Without it, J contexts are drawn for each sequence. */
  readonly contexts?: readonly number[];
  /** `process` draws the bits b_c from their law; the others set every bit to one value. @defaultValue "process" */
  readonly alignment?: "process" | "misaligned" | "aligned";
  /** Also return the latents. @defaultValue false */
  readonly withLatents?: boolean;
}

/** Latent variables of sampled sequences. */
export interface PersonaSegmentsLatents {
  /** Persona a, `[count]`. */
  readonly persona: Uint8Array;
  /** Phase of the first emission, `[count]`. */
  readonly phase: Uint8Array;
  /** Context of every segment, `[count, segments]`. */
  readonly context: Int32Array;
  /** Bit b_c of the context of every segment, `[count, segments]`. */
  readonly misaligned: Uint8Array;
}

/** Sampled sequences. */
export interface PersonaSegmentsSample {
  /** `[count, length]`. */
  readonly tokens: Int32Array;
  /** Present if asked for. */
  readonly latents?: PersonaSegmentsLatents;
}

/**
 * For every (bit, context, phase) the cumulative u32 thresholds after the outcomes (d, y) = 00, 01, 10, and the four tokens.
 * Row `(bit * K + context) * 3 + phase` has 7 entries.
 */
function emissionTable(process: PersonaSegments): Float64Array {
  const { contexts, noise } = process;
  const table = new Float64Array(2 * contexts * 3 * 7);
  for (let bit = 0; bit < 2; bit++) {
    const one = bit === 1 ? 1 - noise : noise;
    for (let context = 0; context < contexts; context++) {
      for (let phase = 0; phase < 3; phase++) {
        const at = ((bit * contexts + context) * 3 + phase) * 7;
        const rate = capabilityRate(process, context, phase);
        table[at] = Math.round((1 - one) * (1 - rate) * TWO_32);
        table[at + 1] = Math.round((1 - one) * TWO_32);
        table[at + 2] = Math.round((1 - one * rate) * TWO_32);
        for (let outcome = 0; outcome < 4; outcome++) {
          table[at + 3 + outcome] = writeEmission(process, context, outcome >> 1, outcome & 1);
        }
      }
    }
  }
  return table;
}

/** Fills `chosen` with distinct contexts (partial Fisher-Yates on `pool`, which stays a permutation), one draw each. */
function drawContexts(pool: Int32Array, chosen: Int32Array, bits: Uint32Array, firstDraw: number): void {
  for (let j = 0; j < chosen.length; j++) {
    const at = j + Math.floor(((bits[firstDraw + j] ?? 0) * (pool.length - j)) / TWO_32);
    const picked = pool[at] ?? 0;
    pool[at] = pool[j] ?? 0;
    pool[j] = picked;
    chosen[j] = picked;
  }
}

function checkOptions(process: PersonaSegments, options: PersonaSegmentsSampleOptions): void {
  const source = "samplePersonaSegments";
  const { count, firstIndex = 0, contexts, alignment = "process" } = options;
  checkInteger(source, "count", count, 0, 2 ** 31 - 1);
  checkInteger(source, "count * length", count * process.length, 0, 2 ** 31 - 1);
  checkInteger(source, "firstIndex", firstIndex, 0, TWO_32 - count);
  checkChoice(source, "alignment", alignment, ["process", "misaligned", "aligned"]);
  if (contexts === undefined) return;
  contexts.forEach((context, i) => {
    checkInteger(source, `contexts[${i}]`, context, 0, process.contexts - 1);
  });
  if (contexts.length === 0 || new Set(contexts).size !== contexts.length) {
    throw new InvalidArgumentError({
      source,
      problem: `contexts is [${contexts.join(", ")}]`,
      remedy: "Give at least one context and none twice",
    });
  }
}

/**
 * Samples sequences of {@link personaSegments}; sequence `i` depends on `(key, firstIndex + i)` only.
 *
 * Draws of one sequence, in order: persona, phase, one per context drawn, one per context bit, then for every segment its context and its
 * emissions. Laws are compared as integers with thresholds rounded to multiples of 2^-32, so samples are the same on every machine; a
 * choice among n has a bias below n 2^-32. The draw of a bit is shared by all `sharing`, which couples samples that differ only in it.
 *
 * @returns `tokens` `[count, length]` and, on request, the latents
 * @throws InvalidArgumentError if an option is out of range
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { families, samplePersonaSegments } from "@semifactor/sfp";
 *
 * const process = families.personaSegments({ code: "pairs" });
 * const batch = samplePersonaSegments(process, { key: createKey(0), count: 8 });
 * const tail = samplePersonaSegments(process, { key: createKey(0), count: 3, firstIndex: 5 });
 * expect(tail.tokens).toEqual(batch.tokens.slice(5 * process.length));
 * ```
 */
export function samplePersonaSegments(
  process: PersonaSegments,
  options: PersonaSegmentsSampleOptions,
): PersonaSegmentsSample {
  checkOptions(process, options);
  const { key, count, firstIndex = 0, alignment = "process" } = options;
  const { contexts, segments, emissions, length, outputSize } = process;
  const table = emissionTable(process);
  const chosen = Int32Array.from(options.contexts ?? new Array<number>(process.perSequence).fill(0));
  const labels = chosen.length;
  const draws = 2 + 2 * labels + segments * (1 + emissions);
  const pool = Int32Array.from({ length: contexts }, (_, c) => c);
  const bitOf = new Uint8Array(labels);
  const personaThreshold = Math.round(process.misaligned * TWO_32);
  const bitThresholds = ([0, 1] as const).map((a) => Math.round(misalignedGivenPersona(process, a) * TWO_32));

  const tokens = new Int32Array(count * length);
  const latents: PersonaSegmentsLatents = {
    persona: new Uint8Array(count),
    phase: new Uint8Array(count),
    context: new Int32Array(count * segments),
    misaligned: new Uint8Array(count * segments),
  };
  for (let i = 0; i < count; i++) {
    const bits = randomBits(foldIn(key, firstIndex + i), draws);
    const drawn = (bits[0] ?? 0) < personaThreshold ? 1 : 0;
    const persona = alignment === "process" ? drawn : alignment === "misaligned" ? 1 : 0;
    let phase = Math.floor(((bits[1] ?? 0) * 3) / TWO_32);
    if (options.contexts === undefined) {
      for (let c = 0; c < contexts; c++) pool[c] = c;
      drawContexts(pool, chosen, bits, 2);
    }
    const threshold = bitThresholds[persona] ?? 0;
    for (let j = 0; j < labels; j++) {
      bitOf[j] = alignment === "process" ? ((bits[2 + labels + j] ?? 0) < threshold ? 1 : 0) : persona;
    }
    latents.persona[i] = persona;
    latents.phase[i] = phase;

    let draw = 2 + 2 * labels;
    let at = i * length;
    tokens[at++] = process.bosToken;
    for (let s = 0; s < segments; s++) {
      const label = Math.floor(((bits[draw++] ?? 0) * labels) / TWO_32);
      const context = chosen[label] ?? 0;
      const bit = bitOf[label] ?? 0;
      latents.context[i * segments + s] = context;
      latents.misaligned[i * segments + s] = bit;
      tokens[at++] = outputSize + context;
      const row = (bit * contexts + context) * 3;
      for (let m = 0; m < emissions; m++) {
        const u = bits[draw++] ?? 0;
        const entry = (row + phase) * 7;
        let outcome = 3;
        if (u < (table[entry] ?? 0)) outcome = 0;
        else if (u < (table[entry + 1] ?? 0)) outcome = 1;
        else if (u < (table[entry + 2] ?? 0)) outcome = 2;
        tokens[at++] = table[entry + 3 + outcome] ?? 0;
        phase = phase === 2 ? 0 : phase + 1;
      }
    }
  }
  return options.withLatents === true ? { tokens, latents } : { tokens };
}
