import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptFileError, createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withRandomAdapter } from "../io/_testing/random-adapter.ts";
import { createTransformer } from "../model/transformer.ts";
import { loadPeftAdapter, savePeftAdapter } from "./adapter-folder.ts";

const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 2, nCtx: 3, vocabularySize: 3, initKey: createKey(5) });
const model = withRandomAdapter(base, { target: "blocks.0.attn.W_Q" });

describe("directories of adapters", () => {
  let folder = "";
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "semifactor-adapter-")), "run", "adapter");
  });
  afterEach(() => rm(join(folder, "..", ".."), { recursive: true }));

  test("loading inverts saving, in the two files that PEFT reads", async () => {
    await savePeftAdapter(folder, model);
    expect((await readdir(folder)).toSorted()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(JSON.parse(await readFile(join(folder, "adapter_config.json"), "utf8")).r).toBe(2);
    expect(await loadPeftAdapter(folder, base)).toEqual(model);
    expect((await loadPeftAdapter(folder, base, { name: "other" })).adapters[0]?.name).toBe("other");
  });

  test("saving again replaces both files, and a model without adapters writes nothing", async () => {
    await savePeftAdapter(folder, model);
    const second = withRandomAdapter(base, { target: "blocks.0.mlp.W_in", rank: 1 }, 9);
    await savePeftAdapter(folder, second);
    expect(await loadPeftAdapter(folder, base)).toEqual(second);
    await expect(savePeftAdapter(folder, base)).rejects.toThrow(InvalidArgumentError);
    expect(await loadPeftAdapter(folder, base)).toEqual(second);
    expect((await readdir(folder)).length).toBe(2);
  });

  test("missing, damaged and unsupported files are named", async () => {
    await savePeftAdapter(folder, model);
    const config = join(folder, "adapter_config.json");
    const text = await readFile(config, "utf8");
    await writeFile(config, JSON.stringify({ ...JSON.parse(text), use_dora: true }));
    await expect(loadPeftAdapter(folder, base)).rejects.toThrow(UnsupportedError);
    await expect(loadPeftAdapter(folder, base)).rejects.toThrow(`loadPeftAdapter: ${folder}: `);
    await writeFile(config, Uint8Array.of(255));
    await expect(loadPeftAdapter(folder, base)).rejects.toThrow(CorruptFileError);
    await writeFile(config, text);
    await unlink(join(folder, "adapter_model.safetensors"));
    await expect(loadPeftAdapter(folder, base)).rejects.toMatchObject({
      name: "StorageError",
      code: "ENOENT",
      path: join(folder, "adapter_model.safetensors"),
    });
  });

  test("a directory that cannot be made is named", async () => {
    await savePeftAdapter(folder, model);
    const inner = join(folder, "adapter_config.json", "inner");
    await expect(savePeftAdapter(inner, model)).rejects.toMatchObject({ name: "StorageError", path: inner });
  });
});
