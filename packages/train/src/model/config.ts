import { createKey, InvalidArgumentError, type Key } from "@semifactor/ghmm";

/**
 * A pre-layer-norm decoder: learned absolute positions, causal multi-head attention, a two-layer MLP, biases everywhere; TransformerLens' parameter names and shapes.
 */
export interface TransformerConfig {
  readonly nLayers: number;
  /** Width of the residual stream. */
  readonly dModel: number;
  /** Divides `dModel`; the head dimension is their quotient. */
  readonly nHeads: number;
  /** Hidden width of the MLP. */
  readonly dMlp: number;
  /** Longest sequence. */
  readonly nCtx: number;
  /** Number of input tokens. */
  readonly vocabularySize: number;
  /** Number of output tokens (TransformerLens' `d_vocab_out`): the first `outputSize` tokens are predicted. */
  readonly outputSize: number;
  /** `gelu` is the exact one, by the error function. */
  readonly activation: "gelu" | "relu";
  readonly normalization: "pre-layer-norm";
  readonly positional: "learned";
  /** Whether the unembedding is the transpose of `embed.W_E`. Needs `outputSize` = `vocabularySize`. */
  readonly tiedUnembedding: boolean;
  readonly layerNormEpsilon: number;
  /** Key of the initial weights. */
  readonly initKey: Key;
  /** Standard deviation of the initial weight matrices. */
  readonly initScale: number;
}

/** What `createTransformer` takes: sizes, and the rest of {@link TransformerConfig} with defaults. */
export interface TransformerOptions extends Partial<TransformerConfig> {
  readonly nLayers: number;
  readonly dModel: number;
  readonly nHeads: number;
  readonly nCtx: number;
  readonly vocabularySize: number;
}

function reject(source: string, problem: string, remedy: string): never {
  throw new InvalidArgumentError({ source, problem, remedy });
}

/**
 * Completes and checks a configuration.
 *
 * Defaults: `dMlp` 4 dModel, `outputSize` vocabularySize, `activation` gelu, untied, `layerNormEpsilon` 1e-5, `initKey` createKey(0), `initScale` 0.8 / sqrt(dModel)
 * (TransformerLens' default).
 *
 * @throws InvalidArgumentError if a size is not a positive integer, `nHeads` does not divide `dModel`, or a tied unembedding has `outputSize` != `vocabularySize`
 */
export function completeConfig(options: TransformerOptions, source = "createTransformer"): TransformerConfig {
  const { nLayers, dModel, nHeads, nCtx, vocabularySize } = options;
  const config: TransformerConfig = {
    nLayers,
    dModel,
    nHeads,
    dMlp: options.dMlp ?? 4 * dModel,
    nCtx,
    vocabularySize,
    outputSize: options.outputSize ?? vocabularySize,
    activation: options.activation ?? "gelu",
    normalization: options.normalization ?? "pre-layer-norm",
    positional: options.positional ?? "learned",
    tiedUnembedding: options.tiedUnembedding ?? false,
    layerNormEpsilon: options.layerNormEpsilon ?? 1e-5,
    initKey: options.initKey ?? createKey(0),
    initScale: options.initScale ?? 0.8 / Math.sqrt(dModel),
  };
  for (const size of ["nLayers", "dModel", "nHeads", "dMlp", "nCtx", "vocabularySize", "outputSize"] as const) {
    if (!Number.isInteger(config[size]) || config[size] < 1) {
      reject(source, `${size} is ${config[size]}`, "Give a positive integer");
    }
  }
  if (dModel % nHeads !== 0) {
    reject(
      source,
      `dModel ${dModel} is not a multiple of nHeads ${nHeads}`,
      "Choose a number of heads that divides dModel",
    );
  }
  if (config.activation !== "gelu" && config.activation !== "relu") {
    reject(source, `activation is ${JSON.stringify(config.activation)}`, 'Use "gelu" or "relu"');
  }
  if (config.normalization !== "pre-layer-norm") {
    reject(source, `normalization is ${JSON.stringify(config.normalization)}`, 'Use "pre-layer-norm"');
  }
  if (config.positional !== "learned") {
    reject(source, `positional is ${JSON.stringify(config.positional)}`, 'Use "learned"');
  }
  if (typeof config.tiedUnembedding !== "boolean") {
    reject(source, `tiedUnembedding is ${JSON.stringify(config.tiedUnembedding)}`, "Use true or false");
  }
  if (config.tiedUnembedding && config.outputSize !== config.vocabularySize) {
    reject(
      source,
      `a tied unembedding with outputSize ${config.outputSize} and vocabularySize ${config.vocabularySize}`,
      "Make them equal, or do not tie",
    );
  }
  for (const positive of ["layerNormEpsilon", "initScale"] as const) {
    if (!Number.isFinite(config[positive]) || config[positive] <= 0) {
      reject(source, `${positive} is ${config[positive]}`, "Give a positive number");
    }
  }
  if (
    !Array.isArray(config.initKey) ||
    config.initKey.length !== 2 ||
    !config.initKey.every((word) => word === word >>> 0)
  ) {
    reject(source, `initKey is ${JSON.stringify(config.initKey)}`, "Make it with createKey");
  }
  return config;
}
