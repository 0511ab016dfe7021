import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import type { WebgpuEngine } from "@semifactor/train";
import { shareDevice, type WebgpuBackendModule } from "@semifactor/train/tfjs";
import { type Contender, inputsAndTargets, oneHot, type Problem } from "./problem.ts";

type Tensor = TensorFlow.Tensor;

// CommonJS on purpose: the ES modules of the backends are for bundlers.
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core") as typeof TensorFlow;

/** TensorFlow.js on its wasm backend: SIMD, one thread. */
export async function tfjsWasm(problem: Problem): Promise<Contender> {
  const backend = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  backend.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  return tfjs(problem);
}

/** TensorFlow.js on its webgpu backend, on the device of an engine of ours. */
export async function tfjsWebgpu(problem: Problem, engine: WebgpuEngine): Promise<Contender> {
  // The backend looks for a browser before it takes a device.
  const { globals } = await import("webgpu");
  Object.assign(globalThis, globals, { window: globalThis.window ?? {}, navigator: { gpu: {} } });
  const backend = require("@tensorflow/tfjs-backend-webgpu") as WebgpuBackendModule;
  await shareDevice(tf, backend, engine);
  return tfjs(problem);
}

/** The model in the operations of TensorFlow.js, with its automatic differentiation and AdamW by hand, on its current backend. */
async function tfjs(problem: Problem): Promise<Contender> {
  await tf.ready();

  const { source, weights, optimizer } = problem;
  const { nLayers, dModel: d, nHeads, layerNormEpsilon } = problem.model.config;
  const { batchSize: batch, length, vocabularySize } = source;
  const dh = d / nHeads;
  const mask = tf.tensor2d(
    Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0)),
    [length, length],
  );

  const parameters = new Map(weights.map(({ name, data, shape }) => [name, tf.variable(tf.tensor(data, [...shape]))]));
  const moments = new Map(
    weights.map(({ name, shape }) => [
      name,
      { m: tf.variable(tf.zeros([...shape])), v: tf.variable(tf.zeros([...shape])) },
    ]),
  );
  const parameter = (name: string): Tensor => {
    const found = parameters.get(name);
    if (found === undefined) throw new Error(`no parameter ${name}`);
    return found;
  };

  const layerNorm = (x: Tensor, name: string): Tensor => {
    const mean = tf.mean(x, -1, true);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), -1, true);
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, layerNormEpsilon)));
    return tf.add(tf.mul(normal, parameter(`${name}.w`)), parameter(`${name}.b`));
  };
  const linear = (x: Tensor, w: string, b: string): Tensor =>
    tf.add(tf.matMul(x as TensorFlow.Tensor2D, parameter(w) as TensorFlow.Tensor2D), parameter(b));
  const gelu = (x: Tensor): Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  const heads = (x: Tensor): Tensor => tf.transpose(tf.reshape(x, [batch, length, nHeads, dh]), [0, 2, 1, 3]);

  const lossOf = (inputs: Tensor, targets: Tensor): TensorFlow.Scalar => {
    const embedded = tf.reshape(
      tf.matMul(inputs as TensorFlow.Tensor2D, parameter("embed.W_E") as TensorFlow.Tensor2D),
      [batch, length, d],
    );
    let x = tf.reshape(tf.add(embedded, parameter("pos_embed.W_pos")), [batch * length, d]);
    for (let i = 0; i < nLayers; i++) {
      const block = `blocks.${i}`;
      const n = layerNorm(x, `${block}.ln1`);
      const [q, k, v] = ["Q", "K", "V"].map((s) => heads(linear(n, `${block}.attn.W_${s}`, `${block}.attn.b_${s}`)));
      if (q === undefined || k === undefined || v === undefined) throw new Error("unreachable");
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(dh)), mask);
      const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [batch * length, d]);
      x = tf.add(x, linear(mixed, `${block}.attn.W_O`, `${block}.attn.b_O`));
      const hidden = gelu(linear(layerNorm(x, `${block}.ln2`), `${block}.mlp.W_in`, `${block}.mlp.b_in`));
      x = tf.add(x, linear(hidden, `${block}.mlp.W_out`, `${block}.mlp.b_out`));
    }
    const logits = linear(layerNorm(x, "ln_final"), "unembed.W_U", "unembed.b_U");
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), -1))) as TensorFlow.Scalar;
  };

  const { learningRate, beta1, beta2, epsilon, weightDecay } = optimizer;
  const step = (inputs: Int32Array, targets: Int32Array, t: number): Tensor =>
    tf.tidy(() => {
      const x = tf.tensor2d(oneHot(inputs, vocabularySize), [inputs.length, vocabularySize]);
      const y = tf.tensor2d(oneHot(targets, vocabularySize), [targets.length, vocabularySize]);
      const { value, grads } = tf.variableGrads(() => lossOf(x, y), [...parameters.values()]);
      for (const { name, decay } of weights) {
        const p = parameters.get(name);
        const moment = moments.get(name);
        const g = p && grads[p.name];
        if (!p || !moment || !g) throw new Error(`no gradient of ${name}`);
        moment.m.assign(tf.add(tf.mul(moment.m, beta1), tf.mul(g, 1 - beta1)));
        moment.v.assign(tf.add(tf.mul(moment.v, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const root = tf.add(tf.sqrt(tf.div(moment.v, 1 - beta2 ** t)), epsilon);
        const update = tf.mul(tf.div(moment.m, root), learningRate / (1 - beta1 ** t));
        p.assign(tf.sub(decay ? tf.mul(p, 1 - learningRate * weightDecay) : p, update));
      }
      return value as Tensor;
    });

  return {
    name: `tfjs ${tf.version_core} ${tf.getBackend()}`,
    threads: 1,
    async run(steps) {
      for (const { name, data, shape } of weights) {
        tf.tidy(() => {
          parameters.get(name)?.assign(tf.tensor(data, [...shape]));
          moments.get(name)?.m.assign(tf.zeros([...shape]));
          moments.get(name)?.v.assign(tf.zeros([...shape]));
        });
      }
      const losses: number[] = [];
      const milliseconds: number[] = [];
      for (let t = 1; t <= steps; t++) {
        const start = performance.now();
        const { inputs, targets } = inputsAndTargets(source, t - 1);
        const loss = step(inputs, targets, t);
        losses.push((await loss.data())[0] ?? Number.NaN);
        loss.dispose();
        milliseconds.push(performance.now() - start);
      }
      return { losses, milliseconds };
    },
    dispose: () => tf.disposeVariables(),
  };
}
