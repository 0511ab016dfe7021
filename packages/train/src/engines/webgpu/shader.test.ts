import { describe, expect, test } from "vitest";
import { type KernelName, kernelSignatures } from "../../kernels/index.ts";
import { webgpuKernels } from "../../kernels/webgpu.ts";
import { type ShaderOptions, shaderText, signatureOf, slotHeader, workgroupSizeOf } from "./shader.ts";
import { flatWidth, flatWorkgroups, type WebgpuPass, type WebgpuVariant } from "./webgpu-kernel.ts";

const f32: WebgpuVariant = { gemm: "shared-tiles", subgroups: false, storage: "f32" };

const pass: WebgpuPass = { workgroupSize: 4, body: "y_put(lane, x_at(lane));", workgroups: () => [1, 1] };

const text = (change: Partial<ShaderOptions> = {}): string =>
  shaderText({
    pass,
    signed: [],
    signature: signatureOf("soft_cap_forward"),
    regions: { x: "workspace", y: "shared" },
    variant: f32,
    ...change,
  });

describe("the text of a shader", () => {
  test("binds the three regions and the slot", () => {
    const bindings = [...text().matchAll(/@binding\((\d)\) var<([a-z, _]+)> (\w+): ([a-z0-9<>A-Z]+)/g)].map((m) =>
      m.slice(1),
    );
    expect(bindings).toEqual([
      ["0", "storage, read_write", "region_shared", "array<u32>"],
      ["1", "storage, read_write", "region_shard", "array<u32>"],
      ["2", "storage, read_write", "region_workspace", "array<u32>"],
      ["3", "uniform", "p", "Slot"],
    ]);
  });

  test("the slot has the header and then a word per argument, with its type", () => {
    const members = /struct Slot \{([^}]*)\}/
      .exec(text())?.[1]
      ?.split(",")
      .map((line) => line.trim());
    expect(members?.filter((line) => line !== "")).toEqual([
      ...slotHeader.map((name) => `${name}: u32`),
      ...["x_offset: u32", "y_offset: u32", "n: u32", "cap: f32"],
    ]);
    expect(text({ signed: ["n"] })).toContain("n: i32");
  });

  test("every copy has its own part of each region", () => {
    expect(text()).toContain("x_start = p.x_offset + workgroup.z * p.workspace_stride;");
    expect(text()).toContain("y_start = p.y_offset + (workgroup.z / p.replica_divisor) * p.shared_stride;");
    expect(text({ regions: { x: "shard", y: "shard" } })).toContain(
      "x_start = p.x_offset + (workgroup.z * p.shard_step) * p.shard_stride;",
    );
  });

  test("an absent buffer reads as 0 and is not written, and the kernel is told", () => {
    const seen: string[] = [];
    const absent = text({
      regions: { x: undefined, y: "shared" },
      pass: { ...pass, body: (_, missing) => String(seen.push(...missing)) },
    });
    expect(absent).toContain("const x_present = false;\nfn x_at(i: u32) -> f32 { return 0.0; }");
    expect(absent).not.toContain("x_start");
    expect(seen).toEqual(["x"]);
  });

  test("f16 is for the workspace alone, and for memory alone", () => {
    const half = text({ variant: { ...f32, storage: "f16" } });
    expect(half.startsWith("enable f16;\n")).toBe(true);
    expect(half).toContain("region_workspace: array<f16>");
    expect(half).toContain("region_shared: array<u32>");
    expect(half).toContain("fn x_at(i: u32) -> f32 { return f32(region_workspace[x_start + i]); }");
    expect(text()).not.toContain("enable");
  });

  test("subgroups are enabled where they are asked for", () => {
    expect(text({ variant: { ...f32, subgroups: true } })).toMatch(/enable subgroups;[\s\S]*@builtin\(subgroup_size\)/);
  });
});

describe("every kernel", () => {
  const names = Object.keys(kernelSignatures) as KernelName[];

  test("is in the table", () => {
    expect(Object.keys(webgpuKernels).sort()).toEqual([...names].sort());
  });

  test.each(names)("%s has workgroups that every device takes, and no atomic floats", (name) => {
    const kernel = webgpuKernels[name];
    for (const gemm of ["shared-tiles", "register-tiles"] as const) {
      const variant = { ...f32, gemm };
      const args = Object.fromEntries(kernelSignatures[name].args.map(([arg]) => [arg, 1]));
      for (const one of [kernel, ...(kernel.second ? [kernel.second] : [])]) {
        expect(workgroupSizeOf(one, variant)).toBeLessThanOrEqual(256);
        const [x, y] = one.workgroups(args, variant);
        expect(x * y).toBeGreaterThan(0);
        const signature = signatureOf(name);
        const regions = Object.fromEntries(signature.args.map(([arg]) => [arg, "shard"] as const));
        const code = shaderText({ pass: one, signed: kernel.signed ?? [], signature, regions, variant });
        expect(code).not.toMatch(/atomicAdd|atomicCompareExchange/);
      }
    }
  });
});

test("a flat grid has at least as many workgroups as are asked for, in dimensions that every device takes", () => {
  for (const count of [0, 1, 7, flatWidth, flatWidth + 1, 5 * flatWidth, 1e9]) {
    const [x, y] = flatWorkgroups(count);
    expect(x * y).toBeGreaterThanOrEqual(count);
    expect(x * y - count).toBeLessThanOrEqual(flatWidth);
    expect(Math.max(x, y)).toBeLessThanOrEqual(65535);
  }
});
