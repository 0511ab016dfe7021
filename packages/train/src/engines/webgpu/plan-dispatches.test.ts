import { describe, expect, test } from "vitest";
import type { KernelCall, Plan } from "../../plan/types.ts";
import { planBytes } from "./plan-buffers.ts";
import { namedArguments, scratchWords } from "./plan-calls.ts";
import { planDispatches } from "./plan-dispatches.ts";
import { slotHeader } from "./shader.ts";
import type { WebgpuVariant } from "./webgpu-kernel.ts";

const f32: WebgpuVariant = { gemm: "shared-tiles", subgroups: false, storage: "f32" };
const limits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27, minUniformBufferOffsetAlignment: 256 };

const fill: KernelCall = { kernel: "fill", args: [{ region: "workspace", offset: 48 }, -0.5, 300] };
const embed: KernelCall = {
  kernel: "embed_forward",
  args: [
    { region: "shard", offset: 16 },
    { region: "shared", offset: 32 },
    0,
    { region: "workspace", offset: 64 },
    2,
    3,
    5,
  ],
};
const squares: KernelCall = {
  kernel: "sum_of_squares",
  args: [{ region: "shared", offset: 0 }, { region: "shared", offset: 48 }, 5000],
};
const plan: Plan = {
  replicas: 3,
  shards: 4,
  regionLengths: { shared: 64, shard: 32, workspace: 128 },
  buffers: new Map(),
  constants: [],
  phases: { forward: { perShard: [fill, embed], shared: [squares] } },
};

const words = (call: number): Record<string, number> => {
  const dispatch = planDispatches(plan, f32).get("forward")?.[call];
  if (dispatch === undefined) throw new Error("no dispatch");
  const names = [...slotHeader, ...dispatch.signature.args.map(([name]) => name)];
  return Object.fromEntries(names.map((name, i) => [name, dispatch.words[i] ?? Number.NaN]));
};

describe("dispatches", () => {
  test("one per call and copy, two for a call of two passes, the copies in z", () => {
    const dispatches = planDispatches(plan, f32).get("forward") ?? [];
    expect(dispatches.map(({ kernelName, passIndex, workgroups }) => [kernelName, passIndex, ...workgroups])).toEqual([
      ["fill", 0, 2, 1, 12],
      ["embed_forward", 0, 1, 1, 12],
      ["sum_of_squares", 0, 1, 1, 3],
      ["sum_of_squares", 1, 1, 1, 3],
    ]);
    expect(dispatches[1]?.regions).toEqual({ tokens: "shard", wE: "shared", wPos: undefined, out: "workspace" });
  });

  test("the words of a slot are the strides, the way to a copy, and the arguments as bit patterns", () => {
    expect(words(0)).toMatchObject({
      ...{ replica_divisor: 4, shard_step: 1, shared_stride: 64, shard_stride: 32, workspace_stride: 128 },
      ...{ buffer: 48, value: 0xbf000000, n: 300 },
    });
    expect(words(1)).toMatchObject({ tokens: 16, wE: 32, wPos: 0, out: 64, batch: 2, length: 3, d: 5 });
    expect(words(2)).toMatchObject({ replica_divisor: 1, shard_step: 4, x: 0, out: 48, n: 5000 });
  });

  test("a negative integer is in two's complement", () => {
    const sample: KernelCall = {
      kernel: "sample_hmm",
      args: [...new Array(9).fill({ region: "shard", offset: 0 }), 2, 3, 4, -1, 0.25],
    };
    const one = { ...plan, phases: { sample: { perShard: [sample], shared: [] } } };
    const last = planDispatches(one, f32).get("sample")?.[0]?.words.slice(-2);
    expect([...(last ?? [])]).toEqual([0xffffffff, 0x3e800000]);
  });

  test("scratch memory lies behind all copies of the shards, one part for each", () => {
    expect(namedArguments(squares)).toEqual({ x: 1, out: 1, n: 5000 });
    expect(scratchWords(plan, f32)).toBe(5);
    expect(words(2)).toMatchObject({ scratch_offset: 12 * 32, scratch_stride: 5 });
    expect(planBytes(plan, f32, limits)).toMatchObject({
      regions: { shared: 4 * 3 * 64, shard: 4 * 12 * (32 + 5), workspace: 4 * 12 * 128 },
      slots: 4 * 256,
    });
  });

  test("f16 halves the workspace alone", () => {
    const { regions } = planBytes(plan, { ...f32, storage: "f16" }, limits);
    expect(regions).toEqual({ shared: 4 * 3 * 64, shard: 4 * 12 * (32 + 5), workspace: 2 * 12 * 128 });
  });
});
