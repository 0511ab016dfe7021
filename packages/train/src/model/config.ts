import { createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { checkConfig, isLayerCount } from "./_internal/check-config.ts";
import { biasGroups, type TransformerConfig, type TransformerOptions } from "./transformer-config.ts";

export type { BiasGroup, RotaryScaling, TransformerConfig, TransformerOptions } from "./transformer-config.ts";

/** A zero for every layer; none where that is no number of layers. */
function zeros(nLayers: number): readonly number[] {
  return isLayerCount(nLayers) ? new Array<number>(nLayers).fill(0) : [];
}

/**
 * Completes and checks a configuration.
 *
 * Defaults: `dHead` dModel / nHeads, `nKeyValueHeads` nHeads, `dMlp` 4 dModel, `outputSize` vocabularySize, `activation` gelu, no gate, pre-layer-norm, learned
 * positions, `rotaryBase` 10000, `rotaryDim` dHead, `attentionScale` 1 / sqrt(dHead), no caps and windows, all biases (of norms only with layer norms), untied,
 * `layerNormEpsilon` 1e-5, `initKey` createKey(0), `initScale` 0.8 / sqrt(dModel) (TransformerLens' default).
 *
 * @throws InvalidArgumentError if a value is out of range or two contradict each other
 */
export function completeConfig(options: TransformerOptions, source = "createTransformer"): TransformerConfig {
  if (typeof options !== "object" || options === null) {
    const problem = `options is ${String(options)}`;
    throw new InvalidArgumentError({
      source,
      problem,
      remedy: "Give nLayers, dModel, nHeads, nCtx and vocabularySize",
    });
  }
  const { nLayers, dModel, nHeads, nCtx, vocabularySize } = options;
  const dHead = options.dHead ?? dModel / nHeads;
  const normalization = options.normalization ?? "pre-layer-norm";
  const biases = options.biases ?? "all";
  const possible = biasGroups.filter((group) => group !== "norm" || normalization === "pre-layer-norm");
  const config: TransformerConfig = {
    nLayers,
    dModel,
    nHeads,
    dHead,
    nKeyValueHeads: options.nKeyValueHeads ?? nHeads,
    dMlp: options.dMlp ?? 4 * dModel,
    nCtx,
    vocabularySize,
    outputSize: options.outputSize ?? vocabularySize,
    attentionOnly: options.attentionOnly ?? false,
    activation: options.activation ?? "gelu",
    gatedMlp: options.gatedMlp ?? false,
    normalization,
    postNormalization: options.postNormalization ?? false,
    positional: options.positional ?? "learned",
    rotaryBase: options.rotaryBase ?? 10000,
    rotaryDim: options.rotaryDim ?? dHead,
    rotaryInterleaved: options.rotaryInterleaved ?? false,
    rotaryScaling: options.rotaryScaling ?? null,
    attentionScale: options.attentionScale ?? 1 / Math.sqrt(dHead),
    attentionSoftCap: options.attentionSoftCap ?? 0,
    attentionWindows: options.attentionWindows ?? zeros(nLayers),
    outputSoftCap: options.outputSoftCap ?? 0,
    embeddingScale: options.embeddingScale ?? 1,
    biases:
      biases === "all" ? possible : Array.isArray(biases) ? possible.filter((group) => biases.includes(group)) : [],
    tiedUnembedding: options.tiedUnembedding ?? false,
    layerNormEpsilon: options.layerNormEpsilon ?? 1e-5,
    initKey: options.initKey ?? createKey(0),
    initScale: options.initScale ?? 0.8 / Math.sqrt(dModel),
  };
  checkConfig(config, options, source);
  return config;
}
