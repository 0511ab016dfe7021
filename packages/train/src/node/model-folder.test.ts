import { mkdir, mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptFileError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashedTensors, tinyPublished } from "../io/_testing/published-checkpoint.ts";
import { fromPretrained } from "../io/pretrained/from-pretrained.ts";
import { encodeSafetensors } from "../io/safetensors.ts";
import { openSafetensors } from "../io/tensor-source.ts";
import { loadPretrained } from "./model-folder.ts";

const { config } = tinyPublished.gemma2;
const tensors = hashedTensors(tinyPublished.gemma2);
const whole = encodeSafetensors({ tensors, metadata: new Map() });
const expected = await fromPretrained({ config, tensors: await openSafetensors(whole) });

describe("directories of published models", () => {
  let folder = "";
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "semifactor-model-"));
    await write("config.json", JSON.stringify(config));
    await write("model.safetensors", whole);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const writeShards = async (): Promise<void> => {
    await unlink(join(folder, "model.safetensors"));
    const weightMap: Record<string, string> = {};
    for (const half of [0, 1]) {
      const own = new Map([...tensors].filter((_, i) => i % 2 === half));
      const name = `model-0000${half + 1}-of-00002.safetensors`;
      for (const tensor of own.keys()) weightMap[tensor] = name;
      await write(name, encodeSafetensors({ tensors: own, metadata: new Map() }));
    }
    await write("model.safetensors.index.json", JSON.stringify({ metadata: {}, weight_map: weightMap }));
  };

  test("one file", async () => {
    expect(await loadPretrained(folder)).toEqual(expected);
    expect((await loadPretrained(folder, { nCtx: 4 })).config.nCtx).toBe(4);
  });

  test("several files and their index", async () => {
    await writeShards();
    expect(await loadPretrained(folder)).toEqual(expected);
    await unlink(join(folder, "model-00002-of-00002.safetensors"));
    await expect(loadPretrained(folder)).rejects.toMatchObject({
      name: "StorageError",
      code: "ENOENT",
      path: join(folder, "model-00002-of-00002.safetensors"),
    });
  });

  test("an index does not reach outside the directory", async () => {
    await unlink(join(folder, "model.safetensors"));
    await mkdir(join(folder, "inner"));
    await write("model.safetensors.index.json", JSON.stringify({ weight_map: { a: "inner/../../secret" } }));
    await expect(loadPretrained(folder)).rejects.toThrow(CorruptFileError);
  });

  test("missing files are named", async () => {
    await unlink(join(folder, "model.safetensors"));
    await expect(loadPretrained(folder)).rejects.toMatchObject({ path: join(folder, "model.safetensors") });
    await unlink(join(folder, "config.json"));
    await expect(loadPretrained(folder)).rejects.toMatchObject({ path: join(folder, "config.json"), code: "ENOENT" });
  });

  test("damaged, unsupported and ill-fitting files are named with the directory", async () => {
    await write("model.safetensors", whole.subarray(0, whole.length - 3));
    await expect(loadPretrained(folder)).rejects.toThrow(CorruptFileError);
    await expect(loadPretrained(folder)).rejects.toThrow(`loadPretrained: ${folder}: `);
    await write("model.safetensors", whole);
    await write("config.json", JSON.stringify({ ...config, model_type: "rwkv" }));
    await expect(loadPretrained(folder)).rejects.toThrow(UnsupportedError);
    await write("config.json", JSON.stringify({ ...config, intermediate_size: 13 }));
    await expect(loadPretrained(folder)).rejects.toThrow(ShapeError);
    await write("config.json", "{");
    await expect(loadPretrained(folder)).rejects.toThrow(/config\.json is not JSON/);
  });
});
