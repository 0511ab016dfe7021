import {
  createHmm,
  createKey,
  foldIn,
  type Process,
  sampleSequences,
  tensorProduct,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { type BatchSource, createTransformer, type Transformer } from "@semifactor/train";

/** A weight as the other frameworks multiply by it: row-major, matrices [in, out]. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** Whether AdamW decays it: matrices and embeddings, not biases and layer-norm gains. */
  readonly decay: boolean;
}

/** What every contender trains: the same weights, the same batches, the same AdamW. */
export interface Problem {
  readonly model: Transformer;
  readonly source: BatchSource;
  readonly weights: readonly Weight[];
  readonly optimizer: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
  };
}

/** Losses of consecutive steps from the initial weights, and the time of each step. */
export interface Run {
  readonly losses: readonly number[];
  readonly milliseconds: readonly number[];
}

/** An implementation of the training step. */
export interface Contender {
  readonly name: string;
  readonly threads: number;
  /** Trains `steps` steps from the initial weights, on batches 0, 1, ... */
  run(steps: number): Promise<Run>;
  dispose(): void;
}

/** A batch as inputs and targets, [batch, length] each. */
export function inputsAndTargets(
  source: BatchSource,
  step: number,
): { readonly inputs: Int32Array; readonly targets: Int32Array } {
  const { batchSize, length } = source;
  const { tokens } = source.batch(step);
  const inputs = new Int32Array(batchSize * length);
  const targets = new Int32Array(batchSize * length);
  for (let b = 0; b < batchSize; b++) {
    const row = tokens.subarray(b * (length + 1), (b + 1) * (length + 1));
    inputs.set(row.subarray(0, length), b * length);
    targets.set(row.subarray(1), b * length);
  }
  return { inputs, targets };
}

/** Rows of the identity matrix, [tokens, vocabularySize]. */
export function oneHot(tokens: Int32Array, vocabularySize: number): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(tokens.length * vocabularySize);
  for (const [i, token] of tokens.entries()) rows[i * vocabularySize + token] = 1;
  return rows;
}

/** W_Q, W_K, W_V [heads, d, dh] as [d, heads dh]; every other weight as it is, W_O [heads, dh, d] and biases flattened. */
function asMatrix(name: string, values: ArrayLike<number>, model: Transformer): Weight {
  const { dModel: d, dMlp, nHeads, nCtx, vocabularySize, outputSize } = model.config;
  const data = Float32Array.from(values);
  const short = name.replace(/^blocks\.\d+\./, "");
  const decay = /W_/.test(name);
  if (/attn\.W_[QKV]$/.test(name)) {
    const dh = d / nHeads;
    const matrix = new Float32Array(d * d);
    for (let h = 0; h < nHeads; h++) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < dh; j++) matrix[i * d + h * dh + j] = data[(h * d + i) * dh + j] ?? Number.NaN;
      }
    }
    return { name, shape: [d, d], data: matrix, decay };
  }
  const shapes: Readonly<Record<string, readonly number[]>> = {
    "embed.W_E": [vocabularySize, d],
    "pos_embed.W_pos": [nCtx, d],
    "attn.W_O": [d, d],
    "mlp.W_in": [d, dMlp],
    "mlp.W_out": [dMlp, d],
    "unembed.W_U": [d, outputSize],
  };
  return { name, shape: shapes[short] ?? [data.length], data, decay };
}

/** The sizes that are measured; the MLP is four times as wide as the stream. */
export const sizes = {
  small: { nLayers: 2, dModel: 64, nHeads: 4, length: 16, vocabularySize: 4, batchSize: 128 },
  large: { nLayers: 4, dModel: 256, nHeads: 4, length: 64, vocabularySize: 512, batchSize: 16 },
} as const;

/** The name of a size. */
export type SizeName = keyof typeof sizes;

/** What a size is, in words. */
export function describeSize(name: SizeName): string {
  const { nLayers, dModel, nHeads, length, vocabularySize, batchSize } = sizes[name];
  return `${name}: d ${dModel}, ${nLayers} layers, ${nHeads} heads, MLP ${4 * dModel}, context ${length}, ${vocabularySize} tokens, batch ${batchSize}`;
}

/** Four states that emit each of many tokens with different probabilities. */
function manyTokens(vocabularySize: number): Process {
  const states = [0, 1, 2, 3];
  const weight = (token: number, from: number, to: number): number => 1 + ((token * 7 + from * 3 + to * 5) % 11);
  const tokens = Array.from({ length: vocabularySize }, (_, token) => token);
  const totals = states.map((from) =>
    tokens.reduce((sum, token) => sum + states.reduce((part, to) => part + weight(token, from, to), 0), 0),
  );
  return createHmm({
    operators: tokens.map((token) =>
      states.map((from) => states.map((to) => weight(token, from, to) / (totals[from] ?? Number.NaN))),
    ),
  });
}

/** The benchmark of the project in one size: two copies of Zero-One-Random for the small one, a hidden Markov model with 512 tokens for the large one. */
export function createProblem(size: SizeName = "small"): Problem {
  const { nLayers, dModel, nHeads, length, vocabularySize, batchSize } = sizes[size];
  const model = createTransformer({ nLayers, dModel, nHeads, nCtx: length, vocabularySize });
  const z1r = zeroOneRandom({ p: 0.5 });
  const process = size === "small" ? tensorProduct(z1r, z1r) : manyTokens(vocabularySize);
  const batches = new Map<number, Int32Array>();
  const source: BatchSource = {
    vocabularySize,
    batchSize,
    length,
    // Kept, so that no contender's time includes the sampling.
    batch(step) {
      const known = batches.get(step);
      if (known !== undefined) return { tokens: known };
      const key = foldIn(createKey(1), step);
      const tokens = Int32Array.from(sampleSequences(process, { count: batchSize, length: length + 1, key }).tokens);
      batches.set(step, tokens);
      return { tokens };
    },
  };
  const weights = [...model.weights].map(([name, values]) => asMatrix(name, values, model));
  return {
    model,
    source,
    weights,
    optimizer: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  };
}
