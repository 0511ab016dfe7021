import { open } from "node:fs/promises";
import { join } from "node:path";
import { CorruptFileError } from "@semifactor/ghmm";
import { checkGiven } from "../io/_internal/check-given.ts";
import { fromPretrained, openShardedSafetensors } from "../io/pretrained/index.ts";
import { type ByteReader, openSafetensors, type TensorSource } from "../io/tensor-source.ts";
import type { Transformer } from "../model/transformer.ts";
import { naming, readBytes } from "./_internal/read-file.ts";
import { StorageError, storageError } from "./storage-error.ts";

/** Options of {@link loadPretrained}. */
export interface LoadPretrainedOptions {
  /** A shorter context than the published one, for smaller plans. */
  readonly nCtx?: number;
}

const source = "loadPretrained";

/** An open file as bytes at random access. */
interface OpenFile extends ByteReader {
  close(): Promise<void>;
}

async function openFile(path: string): Promise<OpenFile> {
  try {
    const file = await open(path, "r");
    const { size } = await file.stat();
    const read = async (begin: number, end: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(end - begin);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, begin + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    };
    return { byteLength: size, read, close: () => file.close() };
  } catch (error) {
    throw storageError(source, path, "read", error);
  }
}

/** A JSON file of a model's directory. */
async function readJson(path: string): Promise<unknown> {
  const bytes = await readBytes(path, source);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const remedy = "Get the file again from where the model was published";
    throw new CorruptFileError({ source, problem: `${path} is not JSON`, remedy }, { cause });
  }
}

/** The weights of a directory: one file, or several with an index. */
async function openWeights(
  directory: string,
  openBeside: (file: string) => Promise<ByteReader>,
): Promise<TensorSource> {
  try {
    return await openSafetensors(await openBeside("model.safetensors"));
  } catch (error) {
    if (!(error instanceof StorageError && error.code === "ENOENT")) throw error;
    const index = await readJson(join(directory, "model.safetensors.index.json")).catch((inner: unknown) => {
      throw inner instanceof StorageError && inner.code === "ENOENT" ? error : inner;
    });
    return openShardedSafetensors(index, openBeside);
  }
}

/**
 * Loads a published model from a directory with `config.json` and `model.safetensors`, or `model.safetensors.index.json` and the files that it names, as they are
 * downloaded from the Hugging Face Hub. Tensors are read one at a time, so that no more than the model and one tensor are in memory.
 *
 * @throws StorageError with the path and the system's code where a file cannot be read
 * @throws UnsupportedError, CorruptFileError, ShapeError, InvalidArgumentError as `fromPretrained`, with the directory
 * @example
 * ```ts
 * import { loadPretrained, StorageError } from "@semifactor/train/node";
 *
 * await expect(loadPretrained("no-such-directory")).rejects.toThrow(StorageError);
 * ```
 */
export async function loadPretrained(directory: string, { nCtx }: LoadPretrainedOptions = {}): Promise<Transformer> {
  checkGiven(source, { directory }, "string");
  const config = await readJson(join(directory, "config.json"));
  const opened: OpenFile[] = [];
  const openBeside = async (name: string): Promise<ByteReader> => {
    const file = await openFile(join(directory, name));
    opened.push(file);
    return file;
  };
  try {
    return await naming(directory, source, async () => {
      const tensors = await openWeights(directory, openBeside);
      return fromPretrained({ config, tensors, ...(nCtx === undefined ? {} : { nCtx }) });
    });
  } finally {
    for (const file of opened) await file.close();
  }
}
