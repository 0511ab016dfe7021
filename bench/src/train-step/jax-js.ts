import { init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { type Contender, inputsAndTargets, oneHot, type Problem } from "./problem.ts";

type Parameters = Record<string, np.Array>;

/**
 * jax-js on its wasm backend: the model in its operations, `valueAndGrad`, one `jit` around the whole step, AdamW in the same function. Node has no global
 * `Worker`, and without one jax-js keeps to one thread.
 */
export async function jaxJs(problem: Problem): Promise<Contender> {
  await init("wasm");
  const { source, weights, optimizer } = problem;
  const { nLayers, dModel: d, nHeads, layerNormEpsilon } = problem.model.config;
  const { batchSize: batch, length, vocabularySize } = source;
  const dh = d / nHeads;
  const decays = new Set(weights.filter(({ decay }) => decay).map(({ name }) => name));
  const triangle = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? -1e9 : 0,
  );

  // Every use of an array consumes it: `.ref` keeps it for one use more. Each parameter is used once in the loss.
  const layerNorm = (x: np.Array, p: Parameters, name: string): np.Array => {
    const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
    return centred
      .div(np.sqrt(variance.add(layerNormEpsilon)))
      .mul(use(p, `${name}.w`))
      .add(use(p, `${name}.b`));
  };
  const linear = (x: np.Array, p: Parameters, w: string, b: string): np.Array => np.matmul(x, use(p, w)).add(use(p, b));
  const heads = (x: np.Array): np.Array => x.reshape([batch, length, nHeads, dh]).transpose([0, 2, 1, 3]);

  const lossOf = (p: Parameters, inputs: np.Array, targets: np.Array, mask: np.Array): np.Array => {
    const embedded = np.matmul(inputs, use(p, "embed.W_E")).reshape([batch, length, d]);
    let x = embedded.add(use(p, "pos_embed.W_pos")).reshape([batch * length, d]);
    for (let i = 0; i < nLayers; i++) {
      const block = `blocks.${i}`;
      const n = layerNorm(x.ref, p, `${block}.ln1`);
      const q = heads(linear(n.ref, p, `${block}.attn.W_Q`, `${block}.attn.b_Q`));
      const k = heads(linear(n.ref, p, `${block}.attn.W_K`, `${block}.attn.b_K`));
      const v = heads(linear(n, p, `${block}.attn.W_V`, `${block}.attn.b_V`));
      const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(dh));
      const pattern = nn.softmax(scores.add(mask.ref), -1);
      const mixed = np
        .matmul(pattern, v)
        .transpose([0, 2, 1, 3])
        .reshape([batch * length, d]);
      x = x.add(linear(mixed, p, `${block}.attn.W_O`, `${block}.attn.b_O`));
      const hidden = linear(layerNorm(x.ref, p, `${block}.ln2`), p, `${block}.mlp.W_in`, `${block}.mlp.b_in`);
      const active = nn.gelu(hidden, { approximate: false });
      x = x.add(linear(active, p, `${block}.mlp.W_out`, `${block}.mlp.b_out`));
    }
    mask.dispose();
    const logits = linear(layerNorm(x, p, "ln_final"), p, "unembed.W_U", "unembed.b_U");
    return np.sum(nn.logSoftmax(logits, -1).mul(targets)).mul(-1 / (batch * length));
  };

  const { learningRate, beta1, beta2, epsilon, weightDecay } = optimizer;
  /** One step; `bias` [2] = 1 - beta^t. */
  const step = jit(
    (
      p: Parameters,
      m: Parameters,
      v: Parameters,
      inputs: np.Array,
      targets: np.Array,
      mask: np.Array,
      bias1: np.Array,
      bias2: np.Array,
    ): [np.Array, Parameters, Parameters, Parameters] => {
      const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(p), inputs, targets, mask);
      const [nextP, nextM, nextV]: [Parameters, Parameters, Parameters] = [{}, {}, {}];
      for (const name of Object.keys(p)) {
        const g = use(gradient as Parameters, name);
        const m1 = use(m, name)
          .mul(beta1)
          .add(g.ref.mul(1 - beta1));
        const v1 = use(v, name)
          .mul(beta2)
          .add(np.square(g).mul(1 - beta2));
        const root = np.sqrt(v1.ref.div(bias2.ref)).add(epsilon);
        const update = m1.ref.div(bias1.ref).div(root).mul(learningRate);
        const kept = decays.has(name) ? use(p, name).mul(1 - learningRate * weightDecay) : use(p, name);
        nextP[name] = kept.sub(update);
        nextM[name] = m1;
        nextV[name] = v1;
      }
      bias1.dispose();
      bias2.dispose();
      return [loss, nextP, nextM, nextV];
    },
  );

  const encode = (tokens: Int32Array): np.Array =>
    np.array(oneHot(tokens, vocabularySize)).reshape([tokens.length, vocabularySize]);
  const fresh = (zero: boolean): Parameters =>
    Object.fromEntries(
      weights.map(({ name, data, shape }) => [
        name,
        np.array(zero ? new Float32Array(data.length) : data.slice()).reshape([...shape]),
      ]),
    );

  return {
    name: "jax-js 0.1.25 wasm",
    threads: 1,
    async run(steps) {
      let [p, m, v] = [fresh(false), fresh(true), fresh(true)];
      const losses: number[] = [];
      const milliseconds: number[] = [];
      for (let t = 1; t <= steps; t++) {
        const start = performance.now();
        const { inputs, targets } = inputsAndTargets(source, t - 1);
        const mask = np.array(triangle.slice()).reshape([length, length]);
        const [bias1, bias2] = [np.array(1 - beta1 ** t), np.array(1 - beta2 ** t)];
        const result = step(p, m, v, encode(inputs), encode(targets), mask, bias1, bias2);
        [, p, m, v] = result;
        losses.push(result[0].dataSync()[0] ?? Number.NaN);
        // The loss alone does not force the update; the next step would, at the latest.
        for (const array of Object.values(p)) await array.blockUntilReady();
        milliseconds.push(performance.now() - start);
      }
      for (const arrays of [p, m, v]) tree.dispose(arrays);
      return { losses, milliseconds };
    },
    dispose: () => {},
  };
}

function use(arrays: Parameters, name: string): np.Array {
  const array = arrays[name];
  if (array === undefined) throw new Error(`no parameter ${name}`);
  return array;
}
