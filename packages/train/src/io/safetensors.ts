import { CorruptFileError, InvalidArgumentError } from "@semifactor/ghmm";
import { brief } from "./_internal/brief.ts";

/** A tensor of a safetensors file: the element type is that of the array (F32, F64, I32 or U8). */
export interface Tensor {
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
  /** Row-major; the product is the number of elements. */
  readonly shape: readonly number[];
}

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Free text by name (`__metadata__`). */
  readonly metadata: ReadonlyMap<string, string>;
}

const types = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U8: Uint8Array } as const;

/** Largest header that is read, as in the reference implementation. */
const largestHeader = 100_000_000;

function typeName(values: Tensor["values"]): keyof typeof types {
  if (values instanceof Float32Array) return "F32";
  if (values instanceof Float64Array) return "F64";
  return values instanceof Int32Array ? "I32" : "U8";
}

/**
 * Writes tensors and metadata in the safetensors format: the header's length (u64, little-endian), the header (JSON, padded with spaces to 8 bytes), the data.
 *
 * Tensors lie in the given order, those with wider elements first, so that every one is aligned; equal content gives equal bytes.
 *
 * @throws InvalidArgumentError if a shape does not match its array or a tensor is called `__metadata__`
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@semifactor/train";
 *
 * const tensors = new Map([["w", { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }]]);
 * const bytes = encodeSafetensors({ tensors, metadata: new Map([["note", "two by two"]]) });
 * expect(decodeSafetensors(bytes).tensors.get("w")?.values).toEqual(Float32Array.of(1, 2, 3, 4));
 * ```
 */
export function encodeSafetensors({ tensors, metadata }: SafetensorsContent): Uint8Array {
  const header = new Map<string, unknown>();
  if (metadata.size > 0) header.set("__metadata__", Object.fromEntries(metadata));
  const ordered = [...tensors].sort(([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  let end = 0;
  for (const [name, { values, shape }] of ordered) {
    if (name === "__metadata__" || shape.reduce((product, size) => product * size, 1) !== values.length) {
      throw new InvalidArgumentError({
        source: "encodeSafetensors",
        problem: `tensor "${name}" with shape [${shape.join(", ")}] and ${values.length} elements`,
        remedy: "Give a shape whose product is the number of elements, under another name than __metadata__",
      });
    }
    header.set(name, { dtype: typeName(values), shape, data_offsets: [end, end + values.byteLength] });
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(text, 8);
  let offset = 8 + headerLength;
  for (const [, { values }] of ordered) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

function corrupt(problem: string): never {
  throw new CorruptFileError({
    source: "decodeSafetensors",
    problem,
    remedy: "The file is damaged or of another format: delete it, or restore it from a copy",
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** The header as an object, and where the data starts. */
function readHeader(bytes: Uint8Array): { readonly header: Readonly<Record<string, unknown>>; readonly start: number } {
  if (bytes.length < 8) corrupt(`the file has ${bytes.length} bytes, too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(largestHeader, bytes.length - 8))) {
    corrupt(`the header has ${length} bytes and the file ${bytes.length}`);
  }
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (cause) {
    throw new CorruptFileError(
      {
        source: "decodeSafetensors",
        problem: "the header is not JSON in UTF-8",
        remedy: "The file is damaged or of another format: delete it, or restore it from a copy",
      },
      { cause },
    );
  }
  return isRecord(header) ? { header, start } : corrupt("the header is not a JSON object");
}

interface Entry {
  readonly name: string;
  readonly dtype: keyof typeof types;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Place and type of one tensor, checked against the file. */
function readEntry(name: string, entry: unknown, available: number): Entry {
  if (!isRecord(entry)) return corrupt(`the entry of "${name}" is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32" && dtype !== "F64" && dtype !== "I32" && dtype !== "U8") {
    return corrupt(`"${name}" has element type ${brief(dtype)}, not F32, F64, I32 or U8`);
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) return corrupt(`"${name}" has shape ${brief(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return corrupt(`"${name}" has data_offsets ${brief(offsets)}`);
  }
  const [begin = 0, end = 0] = offsets;
  const count = shape.reduce((product, size) => product * size, 1);
  if (begin > end || end > available) {
    corrupt(`"${name}" lies at bytes ${begin} to ${end} of ${available}`);
  }
  if (end - begin !== count * types[dtype].BYTES_PER_ELEMENT) {
    corrupt(`"${name}" has ${end - begin} bytes for shape [${shape.join(", ")}] of ${dtype}`);
  }
  return { name, dtype, shape, begin, end };
}

/**
 * Reads a safetensors file; every offset, size and type is checked before anything is allocated.
 *
 * @throws CorruptFileError if the file is truncated, its header is not what the format says, or tensors overlap, leave gaps or reach outside the file
 * @example
 * ```ts
 * import { CorruptFileError } from "@semifactor/ghmm";
 * import { decodeSafetensors } from "@semifactor/train";
 *
 * expect(() => decodeSafetensors(new Uint8Array(3))).toThrow(CorruptFileError);
 * ```
 */
export function decodeSafetensors(file: Uint8Array): SafetensorsContent {
  // A plain Uint8Array: a Node Buffer's slice would be a view into the file instead of a copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const { header, start } = readHeader(bytes);
  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name !== "__metadata__") {
      entries.push(readEntry(name, entry, bytes.length - start));
      continue;
    }
    if (!isRecord(entry)) corrupt("__metadata__ is not an object");
    for (const [key, value] of Object.entries(entry)) {
      if (typeof value !== "string") corrupt(`metadata "${key}" is not text`);
      metadata.set(key, value);
    }
  }
  const inFileOrder = entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of inFileOrder) {
    if (begin !== reached)
      corrupt(`"${name}" starts at byte ${begin} of the data, but the tensor before ends at ${reached}`);
    reached = end;
  }
  if (reached !== bytes.length - start) {
    corrupt(`the tensors end at byte ${reached} of the data and the file at ${bytes.length - start}`);
  }
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    // A copy, so that it is aligned and does not keep the file alive.
    const data = bytes.slice(start + begin, start + end);
    tensors.set(name, { values: new types[dtype](data.buffer), shape });
  }
  return { tensors, metadata };
}
