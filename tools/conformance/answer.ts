import {
  areEquivalent,
  backwardSpace,
  beliefState,
  blockEntropies,
  chainProduct,
  changeBasis,
  coarseGrainTokens,
  conditionalTransitions,
  createGhmm,
  createHmm,
  entropyRate,
  expectedTransitions,
  forwardBackward,
  forwardSpace,
  type GhmmDefinition,
  hankelRank,
  hmmFromEmissions,
  logWordProbability,
  minimalRealization,
  mixedStatePresentation,
  mixedStateTree,
  mixture,
  processes as named,
  nextTokenDistribution,
  optimalLoss,
  type Process,
  presentationQuantities,
  shannonEntropy,
  sharedAlphabet,
  sharedRandomness,
  stationaryState,
  synchronizationInformation,
  tensorProduct,
  tokenPosteriors,
  updateBelief,
  viterbi,
  withBoundaryTokens,
  withNoise,
  wordOfNode,
  wordProbability,
} from "@semifactor/ghmm";
import { answerSampling } from "./answer-sampling.ts";
import { Input } from "./input.ts";
import { semiFactoredAnswers } from "./sfp/answers.ts";
import { type Json, type JsonObject, rows, written } from "./vector.ts";

const process = (made: Process): JsonObject => ({ process: written(made) as unknown as Json });
const numbers = (values: ArrayLike<number>): number[] => Array.from(values);

/** The presentation that D24 to D34 speak of. */
function presentation(input: Input) {
  return mixedStatePresentation(input.process(), input.given("maxStates", "maxDepth"));
}

function quantity(name: Exclude<keyof ReturnType<typeof presentationQuantities>, "unit" | "weights">) {
  return (input: Input): JsonObject => {
    const value = presentationQuantities(presentation(input), input.given("unit"))[name];
    return value === undefined ? {} : { [name]: value };
  };
}

function tree(input: Input): JsonObject {
  const made = mixedStateTree(input.process(), {
    depth: input.number("depth"),
    ...input.given("probabilityThreshold"),
  });
  const { levelOffsets, nodeCount, probability, beliefs, process: of, cut } = made;
  return {
    levels: numbers(levelOffsets.slice(1)).map((end, l) => end - (levelOffsets[l] ?? 0)),
    words: Array.from({ length: nodeCount }, (_, node) => wordOfNode(made, node)),
    probabilities: numbers(probability),
    beliefs: rows(beliefs, of.stateDim),
    cut: { nodes: cut.nodes, probability: cut.probability },
  };
}

function equivalence(input: Input): JsonObject {
  const found = areEquivalent(input.process("first"), input.process("second"));
  if (found.equivalent) return { equivalent: true, intertwiner: rows(found.intertwiner, found.first.rank) };
  return { equivalent: false, word: found.word, probabilities: found.probabilities };
}

function boundary(input: Input): JsonObject {
  const tokens = Object.fromEntries(["bos", "eos", "pad"].flatMap((name) => (input.has(name) ? [[name, name]] : [])));
  return process(withBoundaryTokens(input.process(), { ...tokens, ...input.given("stop", "length") }));
}

function conditional(input: Input): JsonObject {
  const factors = input.list("factors").map((factor) => ({
    ...factor.given("emission"),
    variants: factor.processes("variants"),
    transition: factor.numbers("transition"),
  }));
  return process(conditionalTransitions({ factors }));
}

function smoothing(input: Input): JsonObject {
  const { posteriors, pairs, logLikelihood, stateDim } = forwardBackward(input.process(), input.numbers("word"), {
    withPairs: true,
  });
  const joint = rows(pairs, stateDim ** 2).map((pair) => rows(pair, stateDim));
  return { posteriors: rows(posteriors, stateDim), logLikelihood, pairs: joint };
}

/** How this library answers a vector of each definition. */
const answers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D1: (input) => {
    const definition = input.raw as unknown as GhmmDefinition;
    const { initial, normalizer } = input.text("kind") === "hmm" ? createHmm(definition) : createGhmm(definition);
    return { initial: numbers(initial), normalizer: numbers(normalizer) };
  },
  D2: (input) => ({ certificate: createGhmm(input.raw as unknown as GhmmDefinition).certificate.kind }),
  D3: (input) => {
    const word = Array.from({ length: input.optional("repeat", 1) }, () => input.numbers("word")).flat();
    const log = logWordProbability(input.process(), word);
    const logProbability = log === Number.NEGATIVE_INFINITY ? "-Infinity" : log;
    return { probability: wordProbability(input.process(), word), logProbability };
  },
  D4: (input) => ({ belief: numbers(beliefState(input.process(), input.numbers("word"))) }),
  D5: (input) => ({
    belief: numbers(updateBelief(input.process(), input.numbers("belief"), input.number("token"))),
  }),
  D6: (input) => ({ distribution: numbers(nextTokenDistribution(input.process(), input.numbers("belief"))) }),
  D7: (input) => ({ state: numbers(stationaryState(input.bare())) }),
  D8: (input) => process(changeBasis(input.process(), input.matrix("basis"))),
  D9: (input) => ({
    forward: forwardSpace(input.process()).dimension,
    backward: backwardSpace(input.process()).dimension,
    rank: hankelRank(input.process()),
  }),
  D10: (input) => {
    const minimal = minimalRealization(input.process());
    const probabilities = input.matrix("words").map((word) => wordProbability(minimal.process, word));
    return { rank: minimal.rank, probabilities };
  },
  D11: equivalence,
  D12: (input) => {
    const sizes = input.numbers("sizes");
    return { index: input.numbers("indices").reduce((index, i, n) => index * (sizes[n] ?? 0) + i, 0) };
  },
  D13: (input) => {
    const [first, second, ...others] = input.processes("factors") as [Process, Process, ...Process[]];
    return process(tensorProduct(first, second, ...others));
  },
  D14: (input) =>
    process(
      chainProduct({
        first: input.process("first"),
        variants: input.processes("variants"),
        ...input.given("control"),
      }),
    ),
  D15: conditional,
  D16: (input) => {
    const pairs = input.groups("pairs") as unknown as [Process, Process][];
    return process(sharedRandomness({ weights: input.numbers("weights"), pairs }));
  },
  D17: (input) => {
    const driven = input.raw.second as unknown as Parameters<typeof sharedAlphabet>[1];
    return process(sharedAlphabet(input.process("first"), driven));
  },
  D18: (input) => process(mixture({ components: input.processes("components"), weights: input.numbers("weights") })),
  D19: (input) => {
    const noise = input.has("channel") ? { channel: input.matrix("channel") } : { epsilon: input.number("epsilon") };
    return process(withNoise(input.process(), noise));
  },
  D20: (input) => process(coarseGrainTokens(input.process(), input.numbers("map"))),
  D21: boundary,
  D22: (input) => {
    const family = named as unknown as Record<string, (parameters: Json) => Process>;
    const create = family[input.text("name")];
    if (create === undefined) throw new Error(`no process is called ${input.text("name")}`);
    return process(create(input.raw.parameters ?? {}));
  },
  D23: tree,
  D24: (input) => {
    const { states, depth, complete, transitions } = presentation(input);
    return {
      count: states.length,
      complete,
      states: states.map(numbers),
      depth: numbers(depth),
      transitions: transitions.map(({ from, token, to, probability }) => [from, token, to, probability]),
    };
  },
  D25: (input) => {
    const { recurrent, classes } = presentation(input);
    return { recurrent: recurrent.filter(Boolean).length, classes };
  },
  D26: (input) => ({ entropy: shannonEntropy(input.numbers("distribution"), input.given("unit")) }),
  D27: (input) => {
    const options = { maxLength: input.number("maxLength"), method: "exact", ...input.given("unit") } as const;
    const { blockEntropy, conditional: differences } = blockEntropies(input.process(), options);
    return { blockEntropy, conditional: differences };
  },
  D28: (input) => {
    const options = { length: input.number("length"), method: "exact", ...input.given("unit") } as const;
    return { loss: numbers(optimalLoss(input.process(), options).loss) };
  },
  D29: quantity("entropyRate"),
  D30: quantity("excessEntropy"),
  D31: quantity("transientInformation"),
  D32: quantity("statisticalComplexity"),
  D33: quantity("crypticity"),
  D34: (input) => ({
    synchronizationInformation: synchronizationInformation(input.process(), input.given("unit")).value,
  }),
  D35: (input) => {
    const options = { method: "bounds", maxLength: input.number("length"), tolerance: 0 } as const;
    const { lower, upper } = entropyRate(input.process(), options);
    return { lower, upper };
  },
  D36: (input) =>
    process(
      hmmFromEmissions({
        initial: input.numbers("initial"),
        transition: input.matrix("transition"),
        emission: input.matrix("emission"),
      }),
    ),
  D37: smoothing,
  D38: (input) => {
    const made = input.process();
    return { distributions: rows(tokenPosteriors(made, input.numbers("word")), made.alphabet.length) };
  },
  D39: (input) => {
    const { states, logProbability } = viterbi(input.process(), input.numbers("word"));
    return { states: numbers(states), logProbability };
  },
  D40: (input) => {
    const sequences = input.matrix("sequences");
    const batch = { tokens: sequences.flat(), lengths: sequences.map(({ length }) => length) };
    const made = input.process();
    const { transitions } = expectedTransitions(made, batch);
    return { transitions: rows(transitions, made.stateDim ** 2).map((flat) => rows(flat, made.stateDim)) };
  },
  ...answerSampling,
  ...semiFactoredAnswers,
};

/** What this library gives for the input of a vector of this definition; `processes` are those that the input may name. */
export function answer(
  definition: string,
  input: JsonObject,
  processes: Readonly<Record<string, Process>>,
): JsonObject {
  const give = answers[definition];
  if (give === undefined) throw new Error(`${definition} has no answer`);
  return give(new Input(input, processes));
}
