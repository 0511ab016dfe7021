import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkBytes, checkGiven } from "./_internal/check-given.ts";
import {
  bytesPerElement,
  bytesToTensor,
  elementsToBytes,
  elementTypeOf,
  fitsElementType,
} from "./_internal/element-types.ts";
import { headerEnd, parseHeader } from "./_internal/safetensors-header.ts";
import type { Tensor } from "./tensor.ts";

export type { Tensor };

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Free text by name (`__metadata__`). */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Writes tensors and metadata in the safetensors format: the header's length (u64, little-endian), the header (JSON, padded with spaces to 8 bytes), the data.
 *
 * Tensors lie in the given order, those with wider elements first, so that every one is aligned; equal content gives equal bytes. Values written as F16 or BF16 are
 * rounded to the nearest, ties to even.
 *
 * @throws InvalidArgumentError if a shape does not match its array, the values cannot be written as their `dtype`, or a tensor is called `__metadata__`
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@semifactor/train";
 *
 * const tensors = new Map([["w", { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }]]);
 * const bytes = encodeSafetensors({ tensors, metadata: new Map([["note", "two by two"]]) });
 * expect(decodeSafetensors(bytes).tensors.get("w")?.values).toEqual(Float32Array.of(1, 2, 3, 4));
 * ```
 */
export function encodeSafetensors(content: SafetensorsContent): Uint8Array<ArrayBuffer> {
  checkGiven("encodeSafetensors", { content });
  const { tensors, metadata } = content;
  checkGiven("encodeSafetensors", { tensors, metadata });
  const reject = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source: "encodeSafetensors", problem, remedy });
  };
  const header = new Map<string, unknown>();
  if (metadata.size > 0) header.set("__metadata__", Object.fromEntries(metadata));
  const parts = [...tensors].map(([name, tensor]) => {
    const { values, shape, dtype } = tensor;
    if (name === "__metadata__" || shape.reduce((product, size) => product * size, 1) !== values.length) {
      reject(
        `tensor "${name}" with shape [${shape.join(", ")}] and ${values.length} elements`,
        "Give a shape whose product is the number of elements, under another name than __metadata__",
      );
    }
    if (!fitsElementType(tensor)) {
      reject(`tensor "${name}" cannot be written as ${dtype}`, "Give the array and values that this type has");
    }
    return { name, shape, dtype: elementTypeOf(tensor), bytes: elementsToBytes(tensor) };
  });
  const ordered = parts.toSorted((a, b) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype));
  let end = 0;
  for (const { name, shape, dtype, bytes } of ordered) {
    header.set(name, { dtype, shape, data_offsets: [end, end + bytes.length] });
    end += bytes.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength);
  file.set(text, 8);
  let offset = 8 + headerLength;
  for (const { bytes } of ordered) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

/**
 * Reads a safetensors file; every offset, size and type is checked before anything is allocated.
 *
 * F16 and BF16 become float32 exactly, I64 a Float64Array.
 *
 * @throws CorruptFileError if the file is truncated, its header is not what the format says, or tensors overlap, leave gaps or reach outside the file
 * @throws UnsupportedError if a tensor has an element type that is not read (8-bit floats, unsigned or short integers), or an I64 is beyond 2^53 - 1
 * @example
 * ```ts
 * import { CorruptFileError } from "@semifactor/ghmm";
 * import { decodeSafetensors } from "@semifactor/train";
 *
 * expect(() => decodeSafetensors(new Uint8Array(3))).toThrow(CorruptFileError);
 * ```
 */
export function decodeSafetensors(file: Uint8Array): SafetensorsContent {
  const source = "decodeSafetensors";
  checkBytes(source, file);
  const headerStop = headerEnd(file.subarray(0, 8), file.length, source);
  const { entries, metadata } = parseHeader(file.subarray(8, headerStop), file.length, source);
  const tensors = new Map<string, Tensor>();
  for (const entry of entries) {
    // A copy, so that it is aligned and does not keep the file alive.
    const bytes = new Uint8Array(file.subarray(entry.begin, entry.end));
    tensors.set(entry.name, bytesToTensor(bytes, entry, source));
  }
  return { tensors, metadata };
}
