import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CorruptFileError } from "@semifactor/ghmm";
import { checkGiven } from "../io/_internal/check-given.ts";
import {
  type DecodePeftOptions,
  decodePeftAdapter,
  type EncodePeftOptions,
  encodePeftAdapter,
} from "../lora/peft-adapter.ts";
import type { Transformer } from "../model/transformer.ts";
import { naming, readBytes } from "./_internal/read-file.ts";
import { writeAtomically } from "./_internal/write-atomically.ts";
import { storageError } from "./storage-error.ts";

const configName = "adapter_config.json";
const tensorsName = "adapter_model.safetensors";

/**
 * Saves an adapter of a model as PEFT does: `adapter_config.json` and `adapter_model.safetensors` in a directory, which is made where it is missing. Each file is replaced
 * as a whole. `PeftModel.from_pretrained(model, directory)` loads them.
 *
 * @throws InvalidArgumentError, UnsupportedError as `encodePeftAdapter`
 * @throws StorageError with the path and the system's code where a file cannot be written
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { createKey } from "@semifactor/ghmm";
 * import { addLora, createTransformer } from "@semifactor/train";
 * import { loadPeftAdapter, savePeftAdapter } from "@semifactor/train/node";
 *
 * const directory = join(await mkdtemp(join(tmpdir(), "semifactor-")), "adapter");
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * const model = addLora(base, { target: "blocks.0.mlp.W_out", rank: 1, key: createKey(0) });
 * await savePeftAdapter(directory, model);
 * expect(await loadPeftAdapter(directory, base)).toEqual(model);
 * ```
 */
export async function savePeftAdapter(
  directory: string,
  model: Transformer,
  options: EncodePeftOptions = {},
): Promise<void> {
  checkGiven("savePeftAdapter", { directory }, "string");
  const { config, tensors } = encodePeftAdapter(model, options);
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw storageError("savePeftAdapter", directory, "written", error);
  }
  await writeAtomically(join(directory, tensorsName), tensors, "savePeftAdapter");
  await writeAtomically(join(directory, configName), new TextEncoder().encode(config), "savePeftAdapter");
}

/**
 * Adds an adapter to a model from a directory that {@link savePeftAdapter} or PEFT's `save_pretrained` wrote.
 *
 * @throws StorageError with the path and the system's code where a file cannot be read
 * @throws UnsupportedError, CorruptFileError, InvalidArgumentError as `decodePeftAdapter`, the former two with the directory
 * @example
 * ```ts
 * import { createTransformer } from "@semifactor/train";
 * import { loadPeftAdapter, StorageError } from "@semifactor/train/node";
 *
 * const base = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
 * await expect(loadPeftAdapter("no-such-directory", base)).rejects.toThrow(StorageError);
 * ```
 */
export async function loadPeftAdapter(
  directory: string,
  model: Transformer,
  options: DecodePeftOptions = {},
): Promise<Transformer> {
  const source = "loadPeftAdapter";
  checkGiven(source, { directory }, "string");
  const text = await readBytes(join(directory, configName), source);
  const tensors = await readBytes(join(directory, tensorsName), source);
  return naming(directory, source, () => decodePeftAdapter(model, { config: decodeText(text), tensors }, options));
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const remedy = "Get the file again, or correct it";
    throw new CorruptFileError({ source: "loadPeftAdapter", problem: `${configName} is not UTF-8`, remedy }, { cause });
  }
}
