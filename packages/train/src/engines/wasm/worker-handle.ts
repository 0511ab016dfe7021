import { browserWorkerSource, nodeWorkerSource, type WorkerMessage } from "./worker-source.ts";

/** A worker thread of Node or of a browser. */
export interface WorkerHandle {
  post(message: WorkerMessage): void;
  terminate(): void;
}

interface NodeWorker {
  postMessage(value: unknown): void;
  terminate(): unknown;
  unref(): void;
  on(event: "error" | "exit", listener: (value: unknown) => void): void;
}

interface NodeThreads {
  readonly Worker: new (source: string, options: { readonly eval: true }) => NodeWorker;
}

/** `node:worker_threads`, undefined outside Node: asked for at run time, so that bundlers for browsers see no import. */
function nodeThreads(): NodeThreads | undefined {
  const host = globalThis as { readonly process?: { readonly getBuiltinModule?: (name: string) => unknown } };
  return host.process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(`a worker thread of the wasm engine failed: ${String(value)}`);
}

function startNodeWorker(threads: NodeThreads, onFailure: (error: Error) => void): WorkerHandle {
  const worker = new threads.Worker(nodeWorkerSource, { eval: true });
  // A forgotten engine must not keep the process alive.
  worker.unref();
  worker.on("error", (error) => onFailure(asError(error)));
  worker.on("exit", (code) => onFailure(asError(`exit code ${String(code)}`)));
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
  };
}

function startBrowserWorker(onFailure: (error: Error) => void): WorkerHandle {
  const url = URL.createObjectURL(new Blob([browserWorkerSource], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onerror = (event) => onFailure(asError(event.message));
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** Why this host cannot start worker threads with shared memory; undefined where it can. */
export function whyNoThreads(): string | undefined {
  const { crossOriginIsolated } = globalThis as { readonly crossOriginIsolated?: boolean };
  if (typeof SharedArrayBuffer === "undefined") {
    return crossOriginIsolated === false
      ? "this page is not cross-origin isolated (serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)"
      : "this host has no memory that threads can share";
  }
  return nodeThreads() === undefined && typeof Worker === "undefined" ? "this host has no worker threads" : undefined;
}

/** Starts a worker thread on a host that can (see {@link whyNoThreads}); `onFailure` is called when it dies. */
export function startWorker(onFailure: (error: Error) => void): WorkerHandle {
  const threads = nodeThreads();
  return threads ? startNodeWorker(threads, onFailure) : startBrowserWorker(onFailure);
}
