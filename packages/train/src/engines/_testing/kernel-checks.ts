import { type KernelCase, layOut, referenceResults } from "../../kernels/_testing/kernel-case.ts";
import { kernelCases } from "../../kernels/_testing/kernel-cases.ts";
import { type KernelName, type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import type { Argument, BufferSpec, Plan, Region } from "../../plan/types.ts";
import type { Engine } from "../engine.ts";
import { type EngineCheck, expectClose } from "./engine-check.ts";

/** What the words between the buffers hold before and after. */
const canary = -12345.671875;

/** Kernels that plans call once per replica, after the shards. */
const sharedKernels: ReadonlySet<KernelName> = new Set<KernelName>([
  ...(["sum_of_squares", "clip_scale", "adamw", "sgd", "record_metrics", "reduce_shards"] as const),
]);

/** A plan of one call, whose buffers lie in one region under the names of the arguments, and `all` over the whole region. */
export function casePlan(kernel: KernelName, { args }: KernelCase): Plan {
  const { offsets, length } = layOut(kernel, args);
  const shared = sharedKernels.has(kernel);
  const region: Region = shared ? "shared" : "shard";
  const signature: KernelSignature = kernelSignatures[kernel];
  const callArguments = signature.args.map(([name]): Argument => {
    const offset = offsets.get(name);
    if (offset !== undefined) return { region, offset };
    const value = args[name];
    return typeof value === "number" ? value : 0;
  });
  const buffers = new Map<string, BufferSpec>();
  const add = (name: string, offset: number, size: number, type: BufferSpec["type"]): void => {
    buffers.set(name, { name, region, offset, length: size, shape: [size], type });
  };
  add("all", 0, length, "f32");
  for (const [name, offset] of offsets) {
    const value = args[name];
    if (typeof value === "object") add(name, offset, value.data.length, value.type ?? "f32");
  }
  const calls = [{ kernel, args: callArguments }];
  return {
    replicas: 1,
    shards: 1,
    regionLengths: { shared: 16, shard: 16, workspace: 16, [region]: length },
    buffers,
    constants: [],
    phases: { forward: { perShard: shared ? [] : calls, shared: shared ? calls : [] } },
  };
}

/** Runs one case and compares every buffer, and the words between them. */
async function runCase(engine: Engine, kernel: KernelName, one: KernelCase, tolerance: number): Promise<void> {
  const plan = casePlan(kernel, one);
  const { offsets, length } = layOut(kernel, one.args);
  const around = new Float32Array(length).fill(canary);
  engine.upload(plan, "all", around);
  for (const name of offsets.keys()) {
    const value = one.args[name];
    if (typeof value === "object" && value.sameAs === undefined) engine.upload(plan, name, value.data);
  }
  await engine.execute(plan, "forward");
  const what = `${kernel} (${one.label})`;
  for (const [name, expected] of referenceResults(kernel, one.args)) {
    const value = one.args[name];
    const exact = typeof value === "object" && value.type === "i32";
    expectClose(`${what}: ${name}`, await engine.download(plan, name), expected, exact ? 0 : tolerance);
    around.fill(0, offsets.get(name) ?? 0, (offsets.get(name) ?? 0) + expected.length);
  }
  const after = await engine.download(plan, "all");
  for (const [i, word] of around.entries()) {
    if (word === canary && after[i] !== canary) throw new Error(`${what} wrote outside its buffers, word ${i}`);
  }
  engine.release(plan);
}

/** Every kernel on its odd shapes. */
export const kernelChecks: readonly EngineCheck[] = (Object.keys(kernelSignatures) as KernelName[]).map((kernel) => ({
  name: `kernel ${kernel}`,
  async run(engine, tolerances) {
    if (kernelCases[kernel].length === 0) throw new Error(`${kernel} has no cases`);
    for (const one of kernelCases[kernel]) await runCase(engine, kernel, one, tolerances.kernel);
  },
}));
