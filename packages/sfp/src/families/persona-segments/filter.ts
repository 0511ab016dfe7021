import { InvalidArgumentError, ShapeError, ZeroProbabilityError } from "@semifactor/ghmm";
import { checkInteger } from "../../_internal/checks.ts";
import { readAlignment, writeEmission } from "./code.ts";
import { capabilityRate, misalignedGivenPersona, type PersonaSegments } from "./definition.ts";

const SOURCE = "filterPersonaSegments";

/** Options of {@link filterPersonaSegments}. */
export interface PersonaSegmentsFilterOptions {
  /** Tokens of each row. @defaultValue the process's `length` */
  readonly length?: number;
  /** Also return the posterior of every context bit at every position. @defaultValue false */
  readonly withContexts?: boolean;
}

/** Exact posteriors after each token; position `t` has seen tokens `0 .. t` of its row. */
export interface PersonaSegmentsBeliefs {
  /** Law of token `t + 1`, `[count, length, outputSize]`; zero where `emissionNext[t]` is 0. */
  readonly predictive: Float64Array;
  /** 1 where token `t + 1` is an emission, `[length]`. */
  readonly emissionNext: Uint8Array;
  /** P(b_c = 1 | h) of the current context c, `[count, length]`; at BOS, where there is none yet, the prior. */
  readonly misaligned: Float64Array;
  /** P(a = 1 | h), `[count, length]`. For `sharing` 0 it is the prior. */
  readonly persona: Float64Array;
  /** P(phase of the next emission | h), `[count, length, 3]`. */
  readonly phase: Float64Array;
  /** P(b_c = 1 | h) of every context, `[count, length, contexts]`, if asked for. */
  readonly contexts?: Float64Array;
}

/**
 * Exact filter state. Given the persona the context bits are independent, so the posterior over 2^(K+1) assignments is two products of
 * K factors and a weight for each. Both members of every pair of probabilities are stored, so neither loses relative precision.
 */
interface FilterState {
  /** P(a | h), `[2]`. */
  readonly persona: Float64Array;
  /** P(b_c | a, h), index `(a * K + c) * 2 + b`. */
  readonly bits: Float64Array;
  /** P(phase of the next emission | h), `[3]`. */
  readonly phase: Float64Array;
}

function resetState(process: PersonaSegments, state: FilterState): void {
  state.persona[0] = 1 - process.misaligned;
  state.persona[1] = process.misaligned;
  for (let a = 0; a < 2; a++) {
    const one = misalignedGivenPersona(process, a === 1 ? 1 : 0);
    // written so that it is exactly zero for a = 1 and sharing = 1
    const zero = process.sharing * (1 - a) + (1 - process.sharing) * (1 - process.misaligned);
    for (let c = 0; c < process.contexts; c++) {
      state.bits[(a * process.contexts + c) * 2] = zero;
      state.bits[(a * process.contexts + c) * 2 + 1] = one;
    }
  }
  state.phase.fill(1 / 3);
}

/** P(b_c = 1 | h). */
function misalignedPosterior({ persona, bits }: FilterState, contexts: number, context: number): number {
  const [weight0 = 0, weight1 = 0] = persona;
  return weight0 * (bits[context * 2 + 1] ?? 0) + weight1 * (bits[(contexts + context) * 2 + 1] ?? 0);
}

/** Bayes update of persona and context bit on alignment bit `d`; returns P(d | h), and leaves the state as it was if that is zero. */
function updateAlignment(process: PersonaSegments, state: FilterState, context: number, d: 0 | 1): number {
  const { noise, contexts } = process;
  const { persona, bits } = state;
  const likelihood0 = d === 1 ? noise : 1 - noise;
  const likelihood1 = d === 1 ? 1 - noise : noise;
  const at0 = context * 2;
  const at1 = (contexts + context) * 2;
  const evidence0 = (bits[at0] ?? 0) * likelihood0 + (bits[at0 + 1] ?? 0) * likelihood1;
  const evidence1 = (bits[at1] ?? 0) * likelihood0 + (bits[at1 + 1] ?? 0) * likelihood1;
  const joint0 = (persona[0] ?? 0) * evidence0;
  const joint1 = (persona[1] ?? 0) * evidence1;
  const total = joint0 + joint1;
  if (!(total > 0)) return 0;
  persona[0] = joint0 / total;
  persona[1] = joint1 / total;
  if (evidence0 > 0) {
    bits[at0] = ((bits[at0] ?? 0) * likelihood0) / evidence0;
    bits[at0 + 1] = ((bits[at0 + 1] ?? 0) * likelihood1) / evidence0;
  }
  if (evidence1 > 0) {
    bits[at1] = ((bits[at1] ?? 0) * likelihood0) / evidence1;
    bits[at1 + 1] = ((bits[at1 + 1] ?? 0) * likelihood1) / evidence1;
  }
  return total;
}

/** Bayes update of the phase on capability bit `y`, then one step of the phase; returns P(y | h). */
function updatePhase(process: PersonaSegments, { phase }: FilterState, context: number, y: 0 | 1): number {
  const [b0 = 0, b1 = 0, b2 = 0] = phase;
  const r0 = capabilityRate(process, context, 0);
  const r1 = capabilityRate(process, context, 1);
  const r2 = capabilityRate(process, context, 2);
  const m0 = b0 * (y === 1 ? r0 : 1 - r0);
  const m1 = b1 * (y === 1 ? r1 : 1 - r1);
  const m2 = b2 * (y === 1 ? r2 : 1 - r2);
  const total = m0 + m1 + m2;
  if (!(total > 0)) return 0;
  phase[0] = m2 / total;
  phase[1] = m0 / total;
  phase[2] = m1 / total;
  return total;
}

/** Context named by a context token; throws if the token is anything else. */
function readContext(process: PersonaSegments, token: number, row: number, position: number): number {
  const context = token - process.outputSize;
  if (!Number.isInteger(context) || context < 0 || context >= process.contexts) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `token ${token} at position ${position} of row ${row} is not a context token`,
      remedy: `Give a context token, ${process.outputSize} to ${process.bosToken - 1}`,
    });
  }
  return context;
}

function impossible(token: number, row: number, position: number): ZeroProbabilityError {
  return new ZeroProbabilityError({
    source: SOURCE,
    problem: `token ${token} at position ${position} of row ${row} has probability zero after the tokens before it`,
    remedy: "Give sequences of the process, or a noise above 0 and rates strictly between 0 and 1",
    position,
    token,
  });
}

function rowLength(process: PersonaSegments, tokens: ArrayLike<number>, options: PersonaSegmentsFilterOptions): number {
  const { length = process.length } = options;
  checkInteger(SOURCE, "length", length, 1, 2 ** 31 - 1);
  if (tokens.length % length !== 0) {
    throw new ShapeError({
      source: SOURCE,
      problem: `${tokens.length} tokens do not divide into rows of ${length}`,
      remedy: "Give tokens as [count, length], and length where rows are not whole sequences",
    });
  }
  return length;
}

/**
 * Exact Bayes filter of {@link personaSegments} in O(K) memory and O(1) time a token.
 *
 * Never enumerates the `2^(K+1)` assignments of persona and context bits: given the persona the bits are independent, so each of the two
 * hypotheses keeps K factors. The phase is independent of both given the contexts. Which contexts a sequence visits says nothing about
 * persona or phase, so the filter is the same for every `perSequence`, and rows may be prompts of any length and any number of segments.
 *
 * Exact in float64: a hypothesis of posterior probability below 1e-308 is lost for good, which takes more than 300 emissions that
 * contradict it at the default noise.
 *
 * @param tokens - `[count, length]`, each row BOS, then context token and emissions in turn
 * @throws ShapeError if the tokens do not divide into rows; InvalidArgumentError if a token is out of place; ZeroProbabilityError if a
 *   token cannot occur after those before it
 * @example
 * ```ts
 * import { emissionToken, families, filterPersonaSegments } from "@semifactor/sfp";
 *
 * const process = families.personaSegments({ code: "pairs" });
 * const seen = emissionToken(process, { context: 0, alignment: 1, capability: 0 });
 * const { persona, misaligned } = filterPersonaSegments(process, [process.bosToken, process.outputSize, seen], { length: 3 });
 * const posterior = (0.3 * 0.9013) / (0.3 * 0.9013 + 0.7 * 0.0987);
 * expect(persona[2]).toBeCloseTo(posterior, 12);
 * expect(misaligned[2]).toBeCloseTo(posterior, 12); // one shared persona: every context has the same bit
 * ```
 */
export function filterPersonaSegments(
  process: PersonaSegments,
  tokens: ArrayLike<number>,
  options: PersonaSegmentsFilterOptions = {},
): PersonaSegmentsBeliefs {
  const length = rowLength(process, tokens, options);
  const count = tokens.length / length;
  const { contexts, outputSize, emissions, noise } = process;
  const predictive = new Float64Array(count * length * outputSize);
  const emissionNext = Uint8Array.from({ length }, (_, t) => (t > 0 && (t - 1) % (emissions + 1) < emissions ? 1 : 0));
  const misaligned = new Float64Array(count * length);
  const persona = new Float64Array(count * length);
  const phase = new Float64Array(count * length * 3);
  const all = options.withContexts === true ? new Float64Array(count * length * contexts) : undefined;
  const state: FilterState = {
    persona: new Float64Array(2),
    bits: new Float64Array(4 * contexts),
    phase: new Float64Array(3),
  };

  for (let row = 0; row < count; row++) {
    resetState(process, state);
    let context = 0;
    for (let t = 0; t < length; t++) {
      const at = row * length + t;
      const token = tokens[at] ?? Number.NaN;
      if (t === 0) {
        if (token !== process.bosToken) {
          throw new InvalidArgumentError({
            source: SOURCE,
            problem: `row ${row} starts with token ${token}`,
            remedy: `Start every row with BOS, token ${process.bosToken}`,
          });
        }
      } else if ((t - 1) % (emissions + 1) === 0) {
        context = readContext(process, token, row, t);
      } else {
        const d = readAlignment(process, context, token, SOURCE, t);
        if (updateAlignment(process, state, context, d) === 0) throw impossible(token, row, t);
        if (updatePhase(process, state, context, (token & 1) === 1 ? 1 : 0) === 0) throw impossible(token, row, t);
      }
      const bit = misalignedPosterior(state, contexts, context);
      misaligned[at] = bit;
      persona[at] = state.persona[1] ?? 0;
      phase.set(state.phase, at * 3);
      if (all !== undefined) {
        for (let c = 0; c < contexts; c++) all[at * contexts + c] = misalignedPosterior(state, contexts, c);
      }
      if (emissionNext[t] === 1) {
        let one = 0;
        for (let s = 0; s < 3; s++) one += (state.phase[s] ?? 0) * capabilityRate(process, context, s);
        const wrong = noise + (1 - 2 * noise) * bit;
        const base = at * outputSize;
        predictive[base + writeEmission(process, context, 0, 0)] = (1 - wrong) * (1 - one);
        predictive[base + writeEmission(process, context, 0, 1)] = (1 - wrong) * one;
        predictive[base + writeEmission(process, context, 1, 0)] = wrong * (1 - one);
        predictive[base + writeEmission(process, context, 1, 1)] = wrong * one;
      }
    }
  }
  return { predictive, emissionNext, misaligned, persona, phase, ...(all === undefined ? {} : { contexts: all }) };
}
