import { engineSuite } from "../_testing/engine-suite.ts";
import { kernelChecks } from "../_testing/kernel-checks.ts";
import { nodeEngine } from "./_testing/node-engine.ts";

engineSuite("webgpu in Node", { create: () => nodeEngine() });

/** The kernels with workgroup memory, which differ on a GPU; a software adapter takes a second or two to compile each. */
const cooperative = [
  "embed_backward",
  "layer_norm_forward",
  "layer_norm_backward",
  "rms_norm_backward",
  "intervene_forward",
  "sum_of_squares",
  "record_metrics",
].map((kernel) => `kernel ${kernel}`);

engineSuite("webgpu in Node, shared tiles", {
  create: () => nodeEngine({ gemm: "shared-tiles" }),
  checks: kernelChecks.filter(({ name }) => cooperative.includes(name)),
});
