import { UnsupportedError } from "@semifactor/ghmm";

const source = "createWebgpuEngine";

/** Where the package `webgpu` is the way to a GPU: outside a browser. */
function isNode(): boolean {
  return typeof process === "object" && typeof process.versions?.node === "string";
}

function isGpu(value: unknown): value is GPU {
  return typeof value === "object" && value !== null && "requestAdapter" in value;
}

/** `create` of the package `webgpu`; its name is hidden from bundlers, which would look for it when they pack a page. */
async function loadPackage(): Promise<GPU> {
  const name = "webgpu";
  let loaded: unknown;
  try {
    loaded = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (cause) {
    throw new UnsupportedError(
      {
        source,
        problem: "Node has no WebGPU of its own, and the optional package webgpu does not load",
        remedy: "Install it (npm install webgpu@0.6.2), or use the wasm engine",
      },
      { cause },
    );
  }
  if (typeof loaded === "object" && loaded !== null && "create" in loaded && typeof loaded.create === "function") {
    const gpu: unknown = loaded.create([]);
    if (isGpu(gpu)) return gpu;
  }
  throw new UnsupportedError({
    source,
    problem: "the package webgpu has no function create that returns a GPU",
    remedy: "Install webgpu@0.6.2",
  });
}

/**
 * The host's entry to WebGPU: `navigator.gpu` where it is, else, in Node, one of the package `webgpu`.
 *
 * @throws UnsupportedError if there is neither
 */
export async function hostGpu(): Promise<GPU> {
  const own: unknown = typeof navigator === "object" && "gpu" in navigator ? navigator.gpu : undefined;
  if (isGpu(own)) return own;
  if (isNode()) return loadPackage();
  throw new UnsupportedError({
    source,
    problem: "this host has no WebGPU",
    remedy: "Use a browser that has it, over https or on localhost, or the wasm engine",
  });
}
