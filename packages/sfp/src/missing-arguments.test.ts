import { SemifactorError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import * as sfp from "./index.ts";

const process = sfp.families.personaZ1r();
const { structure, initial } = process;

/** A public function called with fewer arguments than its type asks for, as from JavaScript. */
function call(name: keyof typeof sfp, ...args: readonly unknown[]): unknown {
  return Reflect.apply(sfp[name] as () => unknown, undefined, args);
}

describe("callers without types", () => {
  test.each([
    ["semiFactored", [], "the definition is undefined"],
    ["semiFactored", [{}], "process is no process"],
    ["semiFactored", [{ process }], "structure is undefined"],
    ["semiFactored", [{ process, structure }], "blocks is undefined"],
    ["partition", [], "the definition is undefined"],
    ["partition", [{}], "structure is undefined"],
    ["tensorStructure", [], "the definition is undefined"],
    ["tensorStructure", [{}], "factors is undefined"],
    ["marginals", [], "structure is undefined"],
    ["conditionalBelief", [structure, initial], "given is undefined"],
    ["filterBlocks", [process], "batch is undefined"],
    ["blockLogOdds", [process, { tokens: [0], count: 1, length: 1 }], "options is undefined"],
    ["expectedDrift", [process], "options is undefined"],
    ["blockLeakage", [process], "partition is undefined"],
    ["resetFactor", [structure], "options is undefined"],
    ["flipFactor", [structure], "options is undefined"],
    ["steeringError", [structure], "options is undefined"],
    ["ensembleState", [null], "the ensemble is null"],
    ["partialTrace", [[1], [1, 1]], "options is undefined"],
    ["blockForm", [process], "found is undefined"],
  ] as const)("%s, case %#", (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(SemifactorError);
    expect(() => call(name, ...args)).toThrow(`: ${message}.`);
  });
});
