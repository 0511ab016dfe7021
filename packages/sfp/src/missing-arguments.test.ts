import { SemifactorError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import * as sfp from "./index.ts";

const process = sfp.families.personaZ1r();
const { structure, initial } = process;

/** A public function called with fewer arguments than its type asks for, as from JavaScript. */
function call(used: (...args: never) => unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(used, undefined, args);
}

describe("callers without types", () => {
  test.each([
    ["semiFactored: the definition is undefined", sfp.semiFactored, []],
    ["semiFactored: process is no process", sfp.semiFactored, [{}]],
    ["semiFactored: structure is undefined", sfp.semiFactored, [{ process }]],
    ["partition: blocks is undefined", sfp.semiFactored, [{ process, structure }]],
    ["partition: the definition is undefined", sfp.partition, []],
    ["partition: structure is undefined", sfp.partition, [{}]],
    ["tensorStructure: the definition is undefined", sfp.tensorStructure, []],
    ["tensorStructure: factors is undefined", sfp.tensorStructure, [{}]],
    ["marginals: structure is undefined", sfp.marginals, []],
    ["conditionalBelief: given is undefined", sfp.conditionalBelief, [structure, initial]],
    ["filterBlocks: batch is undefined", sfp.filterBlocks, [process]],
    ["blockLogOdds: options is undefined", sfp.blockLogOdds, [process, { tokens: [0], count: 1, length: 1 }]],
    ["expectedDrift: options is undefined", sfp.expectedDrift, [process]],
    ["blockLeakage: partition is undefined", sfp.blockLeakage, [process]],
    ["resetFactor: options is undefined", sfp.resetFactor, [structure]],
    ["flipFactor: options is undefined", sfp.flipFactor, [structure]],
    ["steeringError: options is undefined", sfp.steeringError, [structure]],
    ["ensembleState: the ensemble is null", sfp.ensembleState, [null]],
    ["partialTrace: options is undefined", sfp.partialTrace, [[1], [1, 1]]],
    ["blockForm: found is undefined", sfp.blockForm, [process]],
  ] as const)("%s", (message, used, args) => {
    expect(() => call(used, args)).toThrow(SemifactorError);
    expect(() => call(used, args)).toThrow(`${message}.`);
  });
});
