import { InvalidArgumentError, ZeroProbabilityError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oracleToken } from "./_testing/enumeration.ts";
import { decodeEmission, emissionToken } from "./code.ts";
import { personaSegments } from "./definition.ts";

const bit = fc.constantFrom(0 as const, 1 as const);

describe.each(["direct", "pairs"] as const)("the %s code", (code) => {
  test("decoding undoes encoding in every context", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 20 }), fc.nat(), bit, bit, (contexts, n, alignment, capability) => {
        const process = personaSegments({ code, contexts });
        const context = n % contexts;
        const token = emissionToken(process, { context, alignment, capability });
        expect(token).toBe(oracleToken(process, context, alignment, capability));
        expect(decodeEmission(process, { context, token })).toEqual({ context, alignment, capability });
      }),
    );
  });

  test("refuses what is not an emission", () => {
    const process = personaSegments({ code });
    for (const token of [-1, 0.5, process.outputSize, process.bosToken, Number.NaN]) {
      expect(() => decodeEmission(process, { context: 0, token })).toThrow(InvalidArgumentError);
    }
    expect(() => decodeEmission(process, { context: 12, token: 0 })).toThrow("context is 12");
    expect(() => emissionToken(process, { context: -1, alignment: 0, capability: 0 })).toThrow("context is -1");
  });
});

test("in the pairs code every symbol means aligned in one context and misaligned in another", () => {
  const process = personaSegments({ code: "pairs" });
  for (let symbol = 0; symbol < 12; symbol++) {
    const meanings: (0 | 1)[] = [];
    for (let context = 0; context < 12; context++) {
      try {
        meanings.push(decodeEmission(process, { context, token: 2 * symbol }).alignment);
      } catch (error) {
        expect(error).toBeInstanceOf(ZeroProbabilityError);
      }
    }
    expect(meanings.sort()).toEqual([0, 1]);
  }
});

test("a symbol that cannot occur in the context is named with the two that can", () => {
  const process = personaSegments({ code: "pairs" });
  expect(() => decodeEmission(process, { context: 0, token: 3 })).toThrow(
    "decodeEmission: token 3 (symbol 1) at position 0 cannot occur in context 0. In this context the symbols are 0 and 3.",
  );
});
