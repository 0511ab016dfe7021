import { InvalidArgumentError, ZeroProbabilityError } from "@semifactor/ghmm";
import { checkInteger } from "../../_internal/checks.ts";
import type { PersonaSegments } from "./definition.ts";

/** An emission: context, alignment bit and capability bit. */
export interface Emission {
  readonly context: number;
  /** Alignment bit d: 1 is the misaligned symbol. */
  readonly alignment: 0 | 1;
  /** Capability bit y. */
  readonly capability: 0 | 1;
}

function checkBit(source: string, name: string, bit: number): void {
  checkInteger(source, name, bit, 0, 1);
}

/**
 * The token that writes an emission: `2 d + y` in the direct code, `2 symbol(context, d) + y` in the pairs code.
 *
 * @throws InvalidArgumentError if the context or a bit is out of range
 * @example
 * ```ts
 * import { emissionToken, families } from "@semifactor/sfp";
 *
 * const pairs = families.personaSegments({ code: "pairs" });
 * // in context 1 "misaligned" is written with the symbol that means "aligned" in context (5 * 1 + 3) mod 12 = 8
 * expect(emissionToken(pairs, { context: 1, alignment: 1, capability: 0 })).toBe(16);
 * expect(emissionToken(pairs, { context: 8, alignment: 0, capability: 0 })).toBe(16);
 * ```
 */
export function emissionToken(process: PersonaSegments, emission: Emission): number {
  const { context, alignment, capability } = emission;
  checkInteger("emissionToken", "context", context, 0, process.contexts - 1);
  checkBit("emissionToken", "alignment", alignment);
  checkBit("emissionToken", "capability", capability);
  return writeEmission(process, context, alignment, capability);
}

/** {@link emissionToken} without the checks. */
export function writeEmission(
  process: PersonaSegments,
  context: number,
  alignment: number,
  capability: number,
): number {
  if (process.code === "direct") return 2 * alignment + capability;
  return 2 * (alignment === 0 ? context : (process.misalignedSymbol[context] ?? context)) + capability;
}

/**
 * Reads an emission token in a known context: the inverse of {@link emissionToken}.
 *
 * @throws InvalidArgumentError if the token is not an emission; ZeroProbabilityError if its symbol cannot occur in the context
 * @example
 * ```ts
 * import { decodeEmission, families } from "@semifactor/sfp";
 *
 * const pairs = families.personaSegments({ code: "pairs" });
 * expect(decodeEmission(pairs, { context: 1, token: 17 })).toEqual({ context: 1, alignment: 1, capability: 1 });
 * ```
 */
export function decodeEmission(
  process: PersonaSegments,
  { context, token }: { readonly context: number; readonly token: number },
): Emission {
  checkInteger("decodeEmission", "context", context, 0, process.contexts - 1);
  const alignment = readAlignment(process, context, token, "decodeEmission", 0);
  return { context, alignment, capability: (token & 1) === 1 ? 1 : 0 };
}

/** The alignment bit of an emission token in a context; `position` is where the token stands, for the message. */
export function readAlignment(
  process: PersonaSegments,
  context: number,
  token: number,
  source: string,
  position: number,
): 0 | 1 {
  if (!Number.isInteger(token) || token < 0 || token >= process.outputSize) {
    throw new InvalidArgumentError({
      source,
      problem: `token ${token} at position ${position} is not an emission`,
      remedy: `Give an emission token, 0 to ${process.outputSize - 1}`,
    });
  }
  const symbol = token >> 1;
  if (process.code === "direct") return symbol === 1 ? 1 : 0;
  if (symbol === context) return 0;
  const misaligned = process.misalignedSymbol[context];
  if (symbol === misaligned) return 1;
  throw new ZeroProbabilityError({
    source,
    problem: `token ${token} (symbol ${symbol}) at position ${position} cannot occur in context ${context}`,
    remedy: `In this context the symbols are ${context} and ${misaligned}`,
    position,
    token,
  });
}
