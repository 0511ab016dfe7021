import type { Process } from "@semifactor/ghmm";
import { families, filterContextPersonas, type Partition } from "@semifactor/sfp";
import type { Input } from "../input.ts";
import { type Json, type JsonObject, written } from "../vector.ts";
import { numbers, statesOf } from "./subject.ts";

function family(process: Process, partition: Partition): JsonObject {
  return {
    process: written(process) as unknown as Json,
    dimensions: partition.structure.factors.map(({ dimension }) => dimension),
    states: statesOf(partition),
  };
}

/** The parameters are options of the function under the same names. */
const options = <T>(input: Input): T => input.raw as unknown as T;

function posterior(input: Input): JsonObject {
  const process = families.contextPersonas(options(input));
  const tokens = input.numbers("word");
  const batch = { tokens, count: 1, length: tokens.length };
  const found = filterContextPersonas(process, batch, { withNextToken: true });
  const last = (values: Float64Array, width: number) => numbers(values.subarray(values.length - width));
  return {
    misaligned: last(found.misaligned, process.contexts),
    hypotheses: last(found.hypotheses, 3),
    probabilities: numbers(found.probabilities),
    logLikelihood: found.logLikelihoods[0] ?? Number.NaN,
    nextToken: last(found.nextToken ?? new Float64Array(0), 2 * process.contexts),
  };
}

/** How the library answers D56 to D62. */
export const familyAnswers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D56: (input) => {
    const made = families.phaseLockedZ1r(options(input));
    return family(made, made.partition);
  },
  D57: (input) => {
    const made = families.personaZ1r(options(input));
    return family(made, made.partition);
  },
  D58: (input) => {
    const { process, partition } = families.leakySector(options(input));
    return family(process, partition);
  },
  D59: (input) => {
    const made = families.personaMess3(options(input));
    return family(made, made.partition);
  },
  D60: (input) => {
    const made = families.staticLabels(options(input));
    return family(made, made.partition);
  },
  D61: (input) => {
    const made = families.contextPersonas(options(input));
    return family(made, made.partition);
  },
  D62: posterior,
};
