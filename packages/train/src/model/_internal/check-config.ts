import { InvalidArgumentError } from "@semifactor/ghmm";
import {
  biasGroups,
  type RotaryScaling,
  type TransformerConfig,
  type TransformerOptions,
} from "../transformer-config.ts";

type Reject = (problem: string, remedy: string) => never;

const choices: { readonly [Name in keyof TransformerConfig]?: readonly TransformerConfig[Name][] } = {
  activation: ["gelu", "gelu-tanh", "relu", "silu"],
  normalization: ["pre-layer-norm", "pre-rms-norm", "none"],
  positional: ["learned", "rotary", "none"],
  attentionOnly: [true, false],
  gatedMlp: [true, false],
  postNormalization: [true, false],
  rotaryInterleaved: [true, false],
  tiedUnembedding: [true, false],
};

/** Most layers, and the largest other size: kernels count in 32-bit integers. */
const [mostLayers, largestSize] = [2 ** 16, 2 ** 31 - 1];

/** Whether a model may have so many layers. */
export function isLayerCount(n: number): boolean {
  return Number.isInteger(n) && n >= 1 && n <= mostLayers;
}

/** The numbers that each scaling of rotary angles needs. */
const scalings: Readonly<Record<string, readonly string[]>> = {
  linear: ["factor"],
  llama3: ["factor", "lowFrequencyFactor", "highFrequencyFactor", "originalContext"],
};

/** Whether a number is positive and finite in float32, as engines take it. */
function isPositive(value: unknown): value is number {
  return typeof value === "number" && Math.fround(value) > 0 && Number.isFinite(Math.fround(value));
}

function checkScaling(scaling: RotaryScaling, reject: Reject): void {
  const numbers: Readonly<Record<string, unknown>> = { ...scaling };
  const needed = Object.hasOwn(scalings, scaling.kind) ? scalings[scaling.kind] : undefined;
  if (needed === undefined) {
    reject(`rotaryScaling.kind is ${JSON.stringify(scaling.kind)}`, 'Use "linear" or "llama3"');
    return;
  }
  for (const name of needed) {
    if (!isPositive(numbers[name])) reject(`rotaryScaling.${name} is ${numbers[name]}`, "Give a positive number");
  }
  if (scaling.kind === "llama3" && scaling.highFrequencyFactor <= scaling.lowFrequencyFactor) {
    reject(
      `rotaryScaling.highFrequencyFactor is ${scaling.highFrequencyFactor}`,
      `Give more than lowFrequencyFactor, ${scaling.lowFrequencyFactor}`,
    );
  }
}

function checkNumbers(config: TransformerConfig, reject: Reject): void {
  for (const size of [
    "nLayers",
    "dModel",
    "nHeads",
    "nKeyValueHeads",
    "dMlp",
    "nCtx",
    "vocabularySize",
    "outputSize",
  ] as const) {
    const most = size === "nLayers" ? mostLayers : largestSize;
    if (!Number.isInteger(config[size]) || config[size] < 1 || config[size] > most) {
      reject(`${size} is ${config[size]}`, `Give a positive integer, at most ${most}`);
    }
  }
  const { dModel, dHead, nHeads, nKeyValueHeads } = config;
  if (!Number.isInteger(dHead) || dHead < 1) {
    const quotient = dHead === dModel / nHeads;
    reject(
      quotient ? `dModel ${dModel} is not a multiple of nHeads ${nHeads}` : `dHead is ${dHead}`,
      quotient ? "Choose a number of heads that divides dModel, or give dHead" : "Give a positive integer",
    );
  }
  if (nHeads % nKeyValueHeads !== 0) {
    reject(`nKeyValueHeads ${nKeyValueHeads} does not divide nHeads ${nHeads}`, "Choose a divisor of nHeads");
  }
  for (const positive of ["layerNormEpsilon", "initScale", "rotaryBase", "attentionScale", "embeddingScale"] as const) {
    if (!isPositive(config[positive])) {
      reject(`${positive} is ${config[positive]}`, "Give a positive number that float32 can hold");
    }
  }
  for (const cap of ["attentionSoftCap", "outputSoftCap"] as const) {
    if (config[cap] !== 0 && !isPositive(config[cap])) {
      reject(`${cap} is ${config[cap]}`, "Give a positive number that float32 can hold, or 0 for none");
    }
  }
}

function checkPositions(config: TransformerConfig, reject: Reject): void {
  const { dHead, nLayers, positional, rotaryDim, rotaryScaling, attentionWindows } = config;
  if (positional === "rotary" && !(Number.isInteger(rotaryDim / 2) && rotaryDim > 0 && rotaryDim <= dHead)) {
    reject(
      `rotaryDim is ${rotaryDim} for heads of ${dHead}`,
      dHead === 1 ? "Give heads of at least 2" : `Give an even number from 2 to ${dHead}`,
    );
  }
  if (rotaryScaling !== null) checkScaling(rotaryScaling, reject);
  if (
    !Array.isArray(attentionWindows) ||
    attentionWindows.length !== nLayers ||
    !attentionWindows.every((n) => Number.isInteger(n) && n >= 0)
  ) {
    reject(
      `attentionWindows is ${JSON.stringify(attentionWindows)} for ${nLayers} layers`,
      "Give one integer of at least 0 per layer",
    );
  }
}

/**
 * Throws unless a completed configuration is consistent; `options` is what it was completed from.
 *
 * @throws InvalidArgumentError that names the first wrong value
 */
export function checkConfig(config: TransformerConfig, options: TransformerOptions, source: string): void {
  const reject: Reject = (problem, remedy) => {
    throw new InvalidArgumentError({ source, problem, remedy });
  };
  checkNumbers(config, reject);
  for (const [name, allowed] of Object.entries(choices)) {
    const value = config[name as keyof typeof choices];
    if ((allowed as readonly unknown[]).includes(value)) continue;
    reject(`${name} is ${JSON.stringify(value)}`, `Use ${allowed.map((one) => JSON.stringify(one)).join(" or ")}`);
  }
  checkPositions(config, reject);
  const groups: readonly string[] = biasGroups;
  const { biases = "all" } = options;
  if (!Array.isArray(biases) && biases !== "all" && biases !== "none") {
    reject(`biases is ${JSON.stringify(biases)}`, `Use "all", "none" or a list of ${groups.join(", ")}`);
  }
  for (const group of Array.isArray(biases) ? biases : []) {
    if (!groups.includes(group)) reject(`a bias group is ${JSON.stringify(group)}`, `Use ${groups.join(", ")}`);
  }
  if (config.postNormalization && config.normalization === "none") {
    reject("postNormalization without a normalization", "Choose a normalization, or no norm after the layers");
  }
  if (config.tiedUnembedding && config.outputSize !== config.vocabularySize) {
    reject(
      `a tied unembedding with outputSize ${config.outputSize} and vocabularySize ${config.vocabularySize}`,
      "Make them equal, or do not tie",
    );
  }
  const { initKey } = config;
  if (!Array.isArray(initKey) || initKey.length !== 2 || !initKey.every((word) => word === word >>> 0)) {
    reject(`initKey is ${JSON.stringify(initKey)}`, "Make it with createKey");
  }
}
