import { describe, expect, test } from "vitest";
import { type KernelName, type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import { kernelsToOnnx } from "../../kernels/native.ts";
import { argumentRoles } from "./argument-roles.ts";

/** A call with an address for every buffer, and these numbers. */
function call(kernel: KernelName, numbers: Readonly<Record<string, number>> = {}) {
  const signature: KernelSignature = kernelSignatures[kernel];
  return {
    kernel,
    args: signature.args.map(([name, kind], i) =>
      kind === "buffer" ? ({ region: "shard", offset: 16 * i } as const) : (numbers[name] ?? 1),
    ),
  };
}

const roles = (kernel: KernelName, numbers?: Readonly<Record<string, number>>) =>
  Object.fromEntries((argumentRoles(call(kernel, numbers)) ?? []).map(({ name, role }) => [name, role]));

describe("roles", () => {
  test("of a linear layer", () => {
    expect(roles("linear_forward")).toEqual({
      x: "batched",
      w: "fixed",
      bias: "fixed",
      residual: "batched",
      y: "batched",
    });
    expect(roles("linear_backward_weight")).toEqual({ x: "batched", dY: "batched", dW: "sum", dBias: "sum" });
  });

  test("of an intervention: the values are one vector, or a patch for every sequence", () => {
    expect(roles("intervene_forward", { mode: 0 })).toMatchObject({ values: "fixed", strength: "batched" });
    expect(roles("intervene_forward", { mode: 3 })).toMatchObject({ values: "batched" });
  });

  test("of the sampler: tables are fixed", () => {
    expect(roles("sample_hmm")).toMatchObject({ rowStart: "fixed", first: "batched", tokens: "batched" });
    expect(roles("embed_forward")).toMatchObject({ tokens: "batched", wE: "fixed" });
  });

  test("of what works element by element: all the same", () => {
    expect(new Set(Object.values(roles("multiply_backward")))).toEqual(new Set(["same"]));
  });
});

test.each(Object.keys(kernelSignatures) as KernelName[])(
  "%s: every address has a role, absent buffers have none",
  (name) => {
    const found = argumentRoles(call(name));
    const host = kernelsToOnnx[name] === "host" && name !== "sample_hmm";
    expect(found === undefined).toBe(host);
    if (found === undefined) return;
    const buffers = kernelSignatures[name].args.filter(([, kind]) => kind === "buffer");
    expect(found.map(({ name: argument }) => argument)).toEqual(buffers.map(([argument]) => argument));
    expect(argumentRoles({ kernel: name, args: kernelSignatures[name].args.map(() => 0) })).toEqual([]);
  },
);
