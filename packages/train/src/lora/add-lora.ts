import { foldIn, InvalidArgumentError, type Key, normal, uniform } from "@semifactor/ghmm";
import { checkModel } from "../model/_internal/check-model.ts";
import { type LoraAdapter, loraParameterNames } from "../model/lora-adapter.ts";
import { type LinearSpec, linearLayers } from "../model/parameters.ts";
import type { Transformer, WeightArray } from "../model/transformer.ts";
import { matchLayers } from "./_internal/match-layers.ts";

/** Options of {@link addLora}. */
export interface LoraOptions {
  /**
   * Which linear layers: the name of a weight (`blocks.0.mlp.W_out`, `unembed.W_U`, also where it is tied), a name with `*` for any part (`blocks.*.attn.W_Q`), a
   * regular expression that the whole name matches, `all-linear` for every layer of the blocks, or a list of these. Each must match something.
   */
  readonly target: string | RegExp | readonly (string | RegExp)[];
  readonly rank: number;
  /** Numerator of the scaling; `rank` by default (scaling 1 for `alpha / rank`). */
  readonly alpha?: number;
  /** Scales by alpha / sqrt(rank) (rsLoRA) instead of alpha / rank; false by default. */
  readonly rsLora?: boolean;
  /** `kaiming` (PEFT's default): A uniform in +-1/sqrt(nIn), B zero; `gaussian`: A normal with standard deviation 1 / rank, B zero. */
  readonly initialization?: "kaiming" | "gaussian";
  /** Name of the adapter, `default` by default; a model may have several. */
  readonly name?: string;
  readonly key: Key;
}

/** Checks the options against the layers that are adapted. */
function check(model: Transformer, options: Required<LoraOptions>, layers: readonly LinearSpec[]): void {
  const { rank, alpha, name, initialization } = options;
  const reject = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source: "addLora", problem, remedy });
  };
  if (typeof name !== "string" || !/^[A-Za-z0-9_-]+$/.test(name)) {
    reject(`the adapter's name is ${JSON.stringify(name)}`, "Use letters, digits, _ and -");
  }
  for (const { weight, nIn, nOut } of layers) {
    if (model.adapters.some((adapter) => adapter.target === weight && adapter.name === name)) {
      reject(`"${weight}" has an adapter "${name}" already`, "Merge or remove it first, or give another name");
    }
    if (!Number.isInteger(rank) || rank < 1 || rank > Math.min(nIn, nOut)) {
      reject(
        `rank is ${rank} for the layer "${weight}", ${nIn} x ${nOut}`,
        `Give an integer from 1 to ${Math.min(nIn, nOut)}`,
      );
    }
  }
  if (!Number.isFinite(alpha)) reject(`alpha is ${alpha}`, "Give a finite number");
  if (initialization !== "kaiming" && initialization !== "gaussian") {
    reject(`initialization is ${JSON.stringify(initialization)}`, 'Use "kaiming" or "gaussian"');
  }
}

/**
 * Adds a low-rank adapter to one or more linear layers: W acts as W + s A B with s = alpha / rank (Hu et al. 2021), or alpha / sqrt(rank) (rsLoRA, Kalajdzievski 2023).
 *
 * `<target>.lora_A` [nIn, rank] and `<target>.lora_B` [rank, nOut] (with `.<name>` behind them unless the name is `default`) are the transposes of PEFT's
 * `lora_A.weight` and `lora_B.weight`. B is 0, so a fresh adapter changes nothing. A of a single layer is drawn with `key`; of several, with `foldIn(key, i)` for
 * the layer with index i among the model's linear layers.
 *
 * @returns A new model that shares the base weights; `train` changes only its enabled adapters, unless told otherwise.
 * @throws InvalidArgumentError if a name or pattern matches no linear layer, a layer has an adapter of this name, or the rank is not from 1 to min(nIn, nOut)
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer } from "@semifactor/train";
 *
 * const base = createTransformer({ nLayers: 2, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const model = addLora(base, { target: "blocks.*.mlp.W_out", rank: 1, alpha: 1, key: createKey(0) });
 * expect(model.adapters.map(({ target }) => target)).toEqual(["blocks.0.mlp.W_out", "blocks.1.mlp.W_out"]);
 * expect(model.weights.get("blocks.0.mlp.W_out.lora_A")?.length).toBe(16);
 * ```
 */
export function addLora(model: Transformer, options: LoraOptions): Transformer {
  checkModel("addLora", model);
  if (typeof options !== "object" || options === null) {
    const problem = `options is ${String(options)}`;
    throw new InvalidArgumentError({ source: "addLora", problem, remedy: "Give target, rank and key" });
  }
  const { target, rank, alpha = rank, key, name = "default", rsLora = false, initialization = "kaiming" } = options;
  const all = linearLayers(model.config);
  const layers = matchLayers("addLora", all, target);
  check(model, { target, rank, alpha, key, name, rsLora, initialization }, layers);
  const weights = new Map<string, WeightArray>(model.weights);
  const adapters: LoraAdapter[] = [];
  for (const layer of layers) {
    const { weight, nIn, nOut } = layer;
    const own = layers.length === 1 ? key : foldIn(key, all.indexOf(layer));
    const bound = 1 / Math.sqrt(nIn);
    const { a, b } = loraParameterNames({ target: weight, name });
    weights.set(
      a,
      initialization === "kaiming"
        ? Float32Array.from(uniform(own, nIn * rank), (draw) => bound * (2 * draw - 1))
        : Float32Array.from(normal(own, nIn * rank), (draw) => draw / rank),
    );
    weights.set(b, new Float32Array(rank * nOut));
    adapters.push({ name, target: weight, rank, alpha, rsLora, enabled: true });
  }
  return { config: model.config, adapters: [...model.adapters, ...adapters], weights };
}
