import {
  blockLeakage,
  blockLogOdds,
  blockWeights,
  conditionalBelief,
  factorStates,
  filterBlocks,
  jointIndex,
  marginalBelief,
  marginals,
  withinBlockBelief,
} from "@semifactor/sfp";
import type { Input } from "../input.ts";
import { type JsonObject, rows } from "../vector.ts";
import { number, numbers, partitionOf, semiFactoredOf, statesOf, structureOf } from "./subject.ts";

function leakage(input: Input): JsonObject {
  const blocks = partitionOf(input);
  const found = blockLeakage(input.process(), blocks, input.given("from"));
  const count = blocks.blocks.length;
  return {
    defect: found.largest.defect,
    entries: rows(found.entries, count),
    flow: rows(found.flow, count),
    weights: numbers(found.weights),
    residence: Array.from(found.residence, number),
  };
}

function filtered(input: Input): JsonObject {
  const process = semiFactoredOf(input);
  const tokens = input.numbers("word");
  const batch = { tokens, count: 1, length: tokens.length };
  const found = filterBlocks(process, batch, { withLikelihoods: true, withBeliefs: true });
  return {
    weights: rows(found.weights, found.blocks),
    probabilities: numbers(found.probabilities),
    likelihoods: rows(found.likelihoods, found.blocks),
    beliefs: rows(found.beliefs, process.stateDim),
  };
}

function logOdds(input: Input): JsonObject {
  const tokens = input.numbers("word");
  const batch = { tokens, count: 1, length: tokens.length };
  const blocks = input.numbers("pair") as unknown as readonly [number, number];
  const found = blockLogOdds(semiFactoredOf(input), batch, { blocks, ...input.given("unit") });
  return { logOdds: Array.from(found.logOdds, number) };
}

/** How the library answers D47 to D55. */
export const structureAnswers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D47: (input) => {
    const structure = structureOf(input);
    if (input.has("states")) return { index: jointIndex(structure, input.numbers("states")) };
    return { states: factorStates(structure, input.number("index")) };
  },
  D48: (input) => {
    const structure = structureOf(input);
    const belief = input.numbers("belief");
    if (!input.has("keep")) return { marginals: marginals(structure, belief).map(numbers) };
    return { marginal: numbers(marginalBelief(structure, belief, input.numbers("keep").map(String))) };
  },
  D49: (input) => {
    const states = (input.raw.given as readonly (number | null)[]).flatMap((state, n) =>
      state === null ? [] : [[String(n), state] as const],
    );
    return {
      belief: numbers(conditionalBelief(structureOf(input), input.numbers("belief"), Object.fromEntries(states))),
    };
  },
  D50: (input) => {
    const made = partitionOf(input);
    return { kind: made.kind, conserved: made.conserved.map(Number), states: statesOf(made) };
  },
  D51: (input) => {
    const { kind, strong, defect } = semiFactoredOf(input);
    return { kind, strong, defect };
  },
  D52: leakage,
  D53: (input) => {
    const process = semiFactoredOf(input);
    const belief = input.numbers("belief");
    if (!input.has("block")) return { weights: numbers(blockWeights(process, belief)) };
    return { belief: numbers(withinBlockBelief(process, belief, input.number("block"))) };
  },
  D54: filtered,
  D55: logOdds,
};
