import { foldIn, normal, UnsupportedError } from "@semifactor/ghmm";
import { completeConfig, type TransformerConfig, type TransformerOptions } from "./config.ts";
import type { LoraAdapter } from "./lora-adapter.ts";
import { elementCount, parameterSpecs } from "./parameters.ts";

/** Values of one parameter, row-major: float32, or float64 where the reference engine trained it. */
export type WeightArray = Float32Array | Float64Array;

/** A model: its configuration, its adapters, and its weights by TransformerLens' names and shapes. Immutable: training returns another one. */
export interface Transformer {
  readonly config: TransformerConfig;
  readonly adapters: readonly LoraAdapter[];
  readonly weights: ReadonlyMap<string, WeightArray>;
  /** The model with its adapters, on a model that `mergeLora` made. */
  readonly mergedFrom?: Transformer;
}

/** Parameters from which a model is not created. */
const tooMany = 2 ** 31;

/** Throws, before anything is allocated, if a model has too many parameters. */
function checkTotal(parameters: number): void {
  if (parameters < tooMany) return;
  throw new UnsupportedError({
    source: "createTransformer",
    problem: `the model has ${parameters} parameters, ${(parameters / 2 ** 28).toPrecision(3)} GiB in float32`,
    remedy: "Choose sizes with fewer than 2^31 parameters",
  });
}

/**
 * Creates a decoder-only transformer with random weights.
 *
 * Weight matrices and embeddings are normal with standard deviation `initScale` (0.8 / sqrt(dModel), TransformerLens' default); the projections that write to the
 * residual stream, `attn.W_O` and `mlp.W_out`, are divided by sqrt(2 nLayers) (GPT-2). Biases are 0, gains of norms 1. The values of the parameter with canonical
 * index i depend on `foldIn(initKey, i)` only.
 *
 * Shapes, with d = dModel, h = nHeads, g = nKeyValueHeads, dh = dHead: `embed.W_E` [vocabularySize, d], `pos_embed.W_pos` [nCtx, d] (learned positions),
 * `blocks.i.attn.W_Q` [h, d, dh], `W_K`, `W_V` [g, d, dh], `b_Q` [h, dh], `b_K`, `b_V` [g, dh], `W_O` [h, dh, d], `b_O` [d], `blocks.i.mlp.W_gate` (gated MLPs),
 * `W_in` [d, dMlp], `b_gate`, `b_in` [dMlp], `W_out` [dMlp, d], `b_out` [d], `blocks.i.ln1.w`, `ln2.w`, `ln_final.w` [d] and, for layer norms, `.b` [d]
 * (`ln1_post`, `ln2_post` where the model has norms after its layers), `unembed.W_U` [d, outputSize] (unless tied), `unembed.b_U` [outputSize].
 *
 * @throws InvalidArgumentError if the configuration is inconsistent
 * @throws UnsupportedError if the model has 2^31 parameters or more
 * @example
 * ```ts
 * import { createTransformer } from "@semifactor/train";
 *
 * const model = createTransformer({ nLayers: 1, dModel: 8, nHeads: 2, nCtx: 4, vocabularySize: 3 });
 * expect(model.weights.get("blocks.0.attn.W_Q")?.length).toBe(2 * 8 * 4);
 * ```
 */
export function createTransformer(options: TransformerOptions): Transformer {
  const config = completeConfig(options);
  const specs = parameterSpecs(config, []);
  checkTotal(specs.reduce((sum, { shape }) => sum + elementCount(shape), 0));
  const weights = new Map<string, WeightArray>();
  for (const [index, { name, shape, scale, initial }] of specs.entries()) {
    const count = elementCount(shape);
    if (scale === 0) {
      weights.set(name, new Float32Array(count).fill(initial));
    } else {
      const draws = normal(foldIn(config.initKey, index), count);
      weights.set(
        name,
        Float32Array.from(draws, (draw) => draw * scale * config.initScale),
      );
    }
  }
  return { config, adapters: [], weights };
}
