import { UnsupportedError } from "@semifactor/ghmm";

/** A tensor of the runtime over memory of ours. */
export interface RuntimeTensor {
  readonly dims: readonly number[];
}

/** A model that the runtime has loaded. */
export interface RuntimeSession {
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: Readonly<Record<string, RuntimeTensor>>,
  ): Promise<unknown>;
  release(): Promise<void>;
}

/** The part of `onnxruntime-node` that the engine uses. */
export interface Runtime {
  readonly version: string;
  createSession(model: Uint8Array): Promise<RuntimeSession>;
  /** A tensor over these words, which the runtime reads or writes in place. */
  tensor(data: Float32Array | Int32Array, shape: readonly number[]): RuntimeTensor;
}

/**
 * Loads ONNX Runtime.
 *
 * Work is split over `threads` threads within an operation, never between operations; idle threads do not spin.
 *
 * @throws UnsupportedError if `onnxruntime-node` is not installed or does not load
 */
export async function loadRuntime(threads: number): Promise<Runtime> {
  // Hidden from bundlers, which would look for the package when they pack a page.
  const name = "onnxruntime-node";
  let ort: typeof import("onnxruntime-node");
  try {
    ort = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (cause) {
    throw new UnsupportedError(
      {
        source: "createNativeEngine",
        problem: "the optional package onnxruntime-node does not load here",
        remedy: 'Install it ("npm install onnxruntime-node@1.30.0", in Node), or use device "wasm"',
      },
      { cause },
    );
  }
  const { InferenceSession, Tensor, env } = ort;
  return {
    version: env.versions.node ?? env.versions.common,
    createSession: (model) =>
      InferenceSession.create(model, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: "sequential",
        // Constants are folded; nothing is fused, so what is captured beside it does not change the bits of a value.
        graphOptimizationLevel: "basic",
        // The pattern of a run would be allocated beside what the first run took, for good, without being faster.
        enableMemPattern: false,
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: "0" } } },
      }) as Promise<RuntimeSession>,
    tensor: (data, shape) =>
      data instanceof Int32Array ? new Tensor("int32", data, shape) : new Tensor("float32", data, shape),
  };
}
