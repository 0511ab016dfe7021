import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptFileError, createKey, InvalidArgumentError } from "@semifactor/ghmm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeVersion } from "../io/_internal/code-version.ts";
import { type Checkpoint, encodeCheckpoint } from "../io/checkpoint.ts";
import { createTransformer } from "../model/transformer.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint-file.ts";

const model = createTransformer({
  nLayers: 1,
  dModel: 4,
  nHeads: 2,
  nCtx: 3,
  vocabularySize: 3,
  initKey: createKey(5),
});

function checkpoint(): Checkpoint {
  const state = {
    step: 1,
    weights: model.weights,
    optimizer: { m: Float32Array.of(1, 2), v: Float32Array.of(3, 4) },
    history: { loss: Float64Array.of(0.7), gradientNorm: Float64Array.of(1) },
  };
  return { model, state, metadata: JSON.stringify({ curve: [1, 2] }) };
}

describe("checkpoint files", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "semifactor-checkpoint-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("saving replaces the file whole and leaves nothing else behind", async () => {
    const path = join(folder, "run.safetensors");
    await saveCheckpoint(path, { model });
    await saveCheckpoint(path, checkpoint());
    expect(await loadCheckpoint(path)).toEqual({ ...checkpoint(), codeVersion });
    expect(await readdir(folder)).toEqual(["run.safetensors"]);
  });

  test("a checkpoint that cannot be written leaves the old one as it was", async () => {
    const path = join(folder, "run.safetensors");
    const before = await readFile(path);
    await expect(saveCheckpoint(path, { model, metadata: "{" })).rejects.toThrow(InvalidArgumentError);
    await expect(saveCheckpoint(join(folder, "missing", "run.safetensors"), { model })).rejects.toThrow(/ENOENT/);
    await expect(saveCheckpoint(join(path, "inner"), { model })).rejects.toMatchObject({
      name: "StorageError",
      code: "ENOTDIR",
      source: "saveCheckpoint",
    });
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(folder)).toEqual(["run.safetensors"]);
  });

  test("several saves to one path at once all succeed, and one of them stays whole", async () => {
    const path = join(folder, "shared.safetensors");
    const saves = Array.from({ length: 8 }, (_, i) => JSON.stringify({ i, filler: "x".repeat(50_000 * i) }));
    await Promise.all(saves.map((metadata) => saveCheckpoint(path, { model, metadata })));
    expect(saves).toContain((await loadCheckpoint(path)).metadata);
    await rm(path);
    expect(await readdir(folder)).toEqual(["run.safetensors"]);
  });

  test("a truncated file is refused by name", async () => {
    const path = join(folder, "truncated.safetensors");
    const bytes = encodeCheckpoint({ model });
    await writeFile(path, bytes.subarray(0, bytes.length - 5));
    await expect(loadCheckpoint(path)).rejects.toThrow(CorruptFileError);
    await expect(loadCheckpoint(path)).rejects.toThrow(/loadCheckpoint: .*truncated\.safetensors: /);
  });
});
