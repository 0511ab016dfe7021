import { type KernelSignature, kernelSignatures } from "../../kernels/index.ts";
import { kernelsToOnnx } from "../../kernels/native.ts";
import type { BufferReference, KernelCall } from "../../plan/types.ts";

/**
 * What a buffer argument is to a batch: `batched` (one part per sequence), `fixed` (the same for all sequences) or `sum` (added up over sequences); `same` in
 * kernels that work element by element on buffers of any role, all of one.
 */
export type ArgumentRole = "batched" | "fixed" | "sum" | "same";

const fixed = new Set(["wE", "wPos", "w", "bias", "gain", "table", "positions"]);
const sampler = new Set(["source", "rowStart", "last", "token", "next"]);
const sums = new Set(["dWE", "dWPos", "dW", "dBias", "dGain"]);

/** A buffer argument of a call with its name and role. */
export interface RoleOfArgument {
  readonly name: string;
  readonly address: BufferReference;
  readonly role: ArgumentRole;
}

/** The buffer arguments of a call of one shard; undefined for kernels that are not calls of a shard (optimizers). */
export function argumentRoles({ kernel, args }: KernelCall): readonly RoleOfArgument[] | undefined {
  const signature: KernelSignature = kernelSignatures[kernel];
  const names = signature.args.map(([name]) => name);
  if (kernelsToOnnx[kernel] === "host" && kernel !== "sample_hmm") return undefined;
  const flat = !names.includes("rows") && !names.includes("batch");
  const replaces = kernel.startsWith("intervene") && args[names.indexOf("mode")] === 3;
  return names.flatMap((name, i) => {
    const address = args[i];
    if (address === undefined || typeof address === "number") return [];
    const role = (): ArgumentRole => {
      if (flat) return "same";
      if (sums.has(name)) return "sum";
      if (name === "values" && !replaces) return "fixed";
      return fixed.has(name) || (kernel === "sample_hmm" && sampler.has(name)) ? "fixed" : "batched";
    };
    return [{ name, address, role: role() }];
  });
}
