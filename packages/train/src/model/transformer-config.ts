import type { Key } from "@semifactor/ghmm";

/** Which layers have a bias: the projections to queries, keys and values; the one from the heads; the MLP; the unembedding; layer norms. */
export type BiasGroup = "qkv" | "attention-out" | "mlp" | "unembed" | "norm";

/** Angles of rotary positions that are not plain powers of the base, as published for long contexts. */
export type RotaryScaling =
  /** Every angle divided by `factor`. */
  | { readonly kind: "linear"; readonly factor: number }
  /** Llama 3: long wavelengths divided by `factor`, short ones kept, those between interpolated. */
  | {
      readonly kind: "llama3";
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalContext: number;
    };

/**
 * A decoder-only transformer with TransformerLens' parameter names and shapes.
 */
export interface TransformerConfig {
  readonly nLayers: number;
  /** Width of the residual stream. */
  readonly dModel: number;
  readonly nHeads: number;
  /** Width of a head. */
  readonly dHead: number;
  /** Heads of keys and values (grouped-query attention): a divisor of `nHeads`. */
  readonly nKeyValueHeads: number;
  /** Hidden width of the MLP. */
  readonly dMlp: number;
  /** Longest sequence. */
  readonly nCtx: number;
  /** Number of input tokens. */
  readonly vocabularySize: number;
  /** Number of output tokens (TransformerLens' `d_vocab_out`): the first `outputSize` tokens are predicted. */
  readonly outputSize: number;
  /** No MLPs. */
  readonly attentionOnly: boolean;
  /** `gelu` is the exact one, by the error function; `gelu-tanh` the approximation that GPT-2 and Gemma use (TransformerLens' `gelu_new`). */
  readonly activation: "gelu" | "gelu-tanh" | "relu" | "silu";
  /** MLP with a gate: W_out (f(W_gate x) * (W_in x)); with `silu` it is SwiGLU. */
  readonly gatedMlp: boolean;
  /** Norm before attention, before the MLP and before the unembedding. */
  readonly normalization: "pre-layer-norm" | "pre-rms-norm" | "none";
  /** Another norm of the same kind on what attention and MLP write (`ln1_post`, `ln2_post`), as in Gemma 2. */
  readonly postNormalization: boolean;
  readonly positional: "learned" | "rotary" | "none";
  /** Base of the rotary angles: pair i of n turns by t base^(-i/n) at position t. */
  readonly rotaryBase: number;
  /** Coordinates of a head that are rotated, an even number. */
  readonly rotaryDim: number;
  /** Pairs are neighbours (2i, 2i + 1), as in GPT-J, instead of (i, i + rotaryDim / 2), as in GPT-NeoX and Llama. */
  readonly rotaryInterleaved: boolean;
  readonly rotaryScaling: RotaryScaling | null;
  /** Factor of the scores q . k. */
  readonly attentionScale: number;
  /** Scores s become c tanh(s / c); 0 leaves them (Gemma 2: 50). */
  readonly attentionSoftCap: number;
  /** Per layer, how many positions back a query sees, itself included; 0 is all. */
  readonly attentionWindows: readonly number[];
  /** Logits l become c tanh(l / c); 0 leaves them (Gemma 2: 30). */
  readonly outputSoftCap: number;
  /** Factor of the token embedding as it enters the residual stream (Gemma: sqrt(dModel)). */
  readonly embeddingScale: number;
  readonly biases: readonly BiasGroup[];
  /** Whether the unembedding is the transpose of `embed.W_E`. Needs `outputSize` = `vocabularySize`. */
  readonly tiedUnembedding: boolean;
  /** Added to the variance, or to the mean square, under the root of a norm. */
  readonly layerNormEpsilon: number;
  /** Key of the initial weights. */
  readonly initKey: Key;
  /** Standard deviation of the initial weight matrices. */
  readonly initScale: number;
}

/** What `createTransformer` takes: sizes, and the rest of {@link TransformerConfig} with defaults. */
export interface TransformerOptions extends Partial<Omit<TransformerConfig, "biases">> {
  readonly nLayers: number;
  readonly dModel: number;
  readonly nHeads: number;
  readonly nCtx: number;
  readonly vocabularySize: number;
  /** `all` by default. */
  readonly biases?: "all" | "none" | readonly BiasGroup[];
}

/** Every group of biases, in canonical order. */
export const biasGroups: readonly BiasGroup[] = ["qkv", "attention-out", "mlp", "unembed", "norm"];
