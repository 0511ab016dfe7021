import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { instantiateKernels, kernelBinary } from "../engines/wasm/kernel-module.ts";
import { type KernelSignature, kernelSignatures } from "./index.ts";
import { referenceKernels } from "./reference.ts";

const kernelsFolder = fileURLToPath(new URL(".", import.meta.url));
const engineFolder = fileURLToPath(new URL("../engines/wasm/", import.meta.url));
const signatures: readonly (readonly [string, KernelSignature])[] = Object.entries(kernelSignatures);
const names = signatures.map(([name]) => name).sort();

/** Folders of kernels: every one but the helpers, whose names begin with an underscore. */
const folders = readdirSync(kernelsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
  .map(({ name }) => name);

describe("signatures", () => {
  test.each(signatures)("%s is filed under its name, its arguments have different names", (name, signature) => {
    expect(signature.name).toBe(name);
    const argumentNames = signature.args.map(([argument]) => argument);
    expect(new Set(argumentNames).size).toBe(argumentNames.length);
  });

  test("every folder has the signature, the float64 kernel and the wasm kernel of one or more names", () => {
    for (const folder of folders) {
      const files = readdirSync(join(kernelsFolder, folder));
      expect([folder, ...files]).toEqual(expect.arrayContaining([folder, "signature.ts", "reference.ts", "wasm.ts"]));
      const text = readFileSync(join(kernelsFolder, folder, "signature.ts"), "utf8");
      expect([folder, names.some((name) => text.includes(`name: "${name}"`))]).toEqual([folder, true]);
    }
    expect(folders.length).toBeGreaterThan(25);
  });
});

describe("float64 kernels", () => {
  test("have the names of the signatures", () => {
    expect(Object.keys(referenceKernels).sort()).toEqual(names);
  });

  test.each(signatures)("%s takes the arena and the arguments of its signature", (name, { args }) => {
    const kernel = Object.entries(referenceKernels).find(([known]) => known === name)?.[1];
    expect(kernel?.length).toBe(1 + args.length);
  });
});

describe("wasm kernels", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const exported = instantiateKernels(new WebAssembly.Module(kernelBinary("wasm-simd", false)), memory, 1024);

  test("have the names of the signatures, and set_scratch is the only other export", () => {
    expect(Object.keys(exported).sort()).toEqual([...names, "set_scratch"].sort());
  });

  test.each(signatures)("%s takes the arguments of its signature", (name, { args }) => {
    expect(exported[name]?.length).toBe(args.length);
  });

  test("every one is compared with its float64 kernel in some test", () => {
    const files = [
      ...folders.map((folder) => join(kernelsFolder, folder, "wasm.test.ts")),
      join(engineFolder, "flat-kernels.test.ts"),
    ];
    const compared = new Set(files.flatMap(comparedKernels));
    expect(names.filter((name) => !compared.has(name))).toEqual([]);
  });
});

/** Names of the kernels that a test file gives to `compareKernel`, whole or as `${kind}_ending`; none where there is no such file. */
function comparedKernels(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  if (!text.includes("compareKernel")) return [];
  const words = [...text.matchAll(/"([a-z_]+)"/g)].map(([, word = ""]) => word);
  const endings = [...text.matchAll(/`\$\{\w+\}(_[a-z_]+)`/g)].map(([, ending = ""]) => ending);
  return [...words, ...words.flatMap((word) => endings.map((ending) => word + ending))];
}
