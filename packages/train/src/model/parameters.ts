import type { TransformerConfig } from "./config.ts";

/** A low-rank update of one linear layer: its weight W becomes W + (alpha / rank) A B (Hu et al. 2021). */
export interface LoraAdapter {
  /** Name of the adapted weight, e.g. `blocks.0.mlp.W_out`, `blocks.1.attn.W_Q`, `unembed.W_U`. */
  readonly target: string;
  readonly rank: number;
  readonly alpha: number;
}

/** One named parameter of a model. */
export interface ParameterSpec {
  readonly name: string;
  /** TransformerLens' shape. */
  readonly shape: readonly number[];
  /** `matrix`: weights and embeddings, decayed by default; `vector`: biases and layer-norm gains. */
  readonly kind: "matrix" | "vector";
  /** Standard deviation of the initial values, relative to `initScale`; 0 = constant `initial`. */
  readonly scale: number;
  readonly initial: number;
}

/** A linear layer: the weight that LoRA addresses and its sizes as a matrix [nIn, nOut]. */
export interface LinearSpec {
  readonly weight: string;
  readonly bias: string;
  readonly nIn: number;
  readonly nOut: number;
}

/** Every linear layer of a model, from the first to the last. */
export function linearLayers(config: TransformerConfig): readonly LinearSpec[] {
  const { dModel, dMlp, outputSize } = config;
  const square = { nIn: dModel, nOut: dModel };
  const layers: LinearSpec[] = [];
  for (let i = 0; i < config.nLayers; i++) {
    for (const letter of ["Q", "K", "V", "O"]) {
      layers.push({ weight: `blocks.${i}.attn.W_${letter}`, bias: `blocks.${i}.attn.b_${letter}`, ...square });
    }
    layers.push({ weight: `blocks.${i}.mlp.W_in`, bias: `blocks.${i}.mlp.b_in`, nIn: dModel, nOut: dMlp });
    layers.push({ weight: `blocks.${i}.mlp.W_out`, bias: `blocks.${i}.mlp.b_out`, nIn: dMlp, nOut: dModel });
  }
  layers.push({ weight: "unembed.W_U", bias: "unembed.b_U", nIn: dModel, nOut: outputSize });
  return layers;
}

/**
 * Every parameter of a model in its canonical order. A tied model has no `unembed.W_U`: its unembedding is the transpose of `embed.W_E`.
 * Each adapter adds `<target>.lora_A` [nIn, rank] and `<target>.lora_B` [rank, nOut], the transposes of PEFT's.
 */
export function parameterSpecs(config: TransformerConfig, adapters: readonly LoraAdapter[]): readonly ParameterSpec[] {
  const { dModel, nHeads, nLayers } = config;
  const dHead = dModel / nHeads;
  const residual = 1 / Math.sqrt(2 * nLayers);
  const specs: ParameterSpec[] = [];
  const matrix = (name: string, shape: readonly number[], scale = 1): void => {
    specs.push({ name, shape, kind: "matrix", scale, initial: 0 });
  };
  const vector = (name: string, shape: readonly number[], initial = 0): void => {
    specs.push({ name, shape, kind: "vector", scale: 0, initial });
  };
  const layerNorm = (name: string): void => {
    vector(`${name}.w`, [dModel], 1);
    vector(`${name}.b`, [dModel]);
  };
  matrix("embed.W_E", [config.vocabularySize, dModel]);
  matrix("pos_embed.W_pos", [config.nCtx, dModel]);
  for (let i = 0; i < nLayers; i++) {
    const block = `blocks.${i}`;
    layerNorm(`${block}.ln1`);
    for (const letter of ["Q", "K", "V"]) {
      matrix(`${block}.attn.W_${letter}`, [nHeads, dModel, dHead]);
      vector(`${block}.attn.b_${letter}`, [nHeads, dHead]);
    }
    matrix(`${block}.attn.W_O`, [nHeads, dHead, dModel], residual);
    vector(`${block}.attn.b_O`, [dModel]);
    layerNorm(`${block}.ln2`);
    matrix(`${block}.mlp.W_in`, [dModel, config.dMlp]);
    vector(`${block}.mlp.b_in`, [config.dMlp]);
    matrix(`${block}.mlp.W_out`, [config.dMlp, dModel], residual);
    vector(`${block}.mlp.b_out`, [dModel]);
  }
  layerNorm("ln_final");
  if (!config.tiedUnembedding) matrix("unembed.W_U", [dModel, config.outputSize]);
  vector("unembed.b_U", [config.outputSize]);
  const layers = new Map(linearLayers(config).map((layer) => [layer.weight, layer]));
  for (const { target, rank } of adapters) {
    const layer = layers.get(target);
    if (layer === undefined) continue;
    matrix(`${target}.lora_A`, [layer.nIn, rank]);
    matrix(`${target}.lora_B`, [rank, layer.nOut]);
  }
  return specs;
}

/** Product of the entries of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
