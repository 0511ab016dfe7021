import { CorruptFileError } from "@semifactor/ghmm";
import { brief } from "./brief.ts";
import { bytesPerElement, type ElementType, isElementType } from "./element-types.ts";
import { isRecord } from "./is-record.ts";

/** Largest header that is read, in bytes, as in the format's reference implementation. */
const largestHeader = 100_000_000;

/** Place and type of one tensor. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly begin: number;
  readonly end: number;
}

/** What a header says, checked against the size of the file. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Throws the error of a damaged file. */
function corrupt(source: string, problem: string, cause?: unknown): never {
  throw new CorruptFileError(
    { source, problem, remedy: "The file is damaged or of another format: delete it, or restore it from a copy" },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * Where the header of a file ends, from its first 8 bytes.
 *
 * @throws CorruptFileError if the header would be larger than the file or than 100 MB
 */
export function headerEnd(first: Uint8Array, fileBytes: number, source: string): number {
  if (fileBytes < 8 || first.length < 8) corrupt(source, `the file has ${fileBytes} bytes, too few for a header`);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(largestHeader, fileBytes - 8))) {
    corrupt(source, `the header has ${length} bytes, the file ${fileBytes} and the largest header ${largestHeader}`);
  }
  return 8 + Number(length);
}

/** Number of `name:` in a JSON text: its colons outside of strings. */
function countMembers(text: Uint8Array): number {
  let members = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (quoted && byte === 0x5c) i++;
    else if (byte === 0x22) quoted = !quoted;
    else if (!quoted && byte === 0x3a) members++;
  }
  return members;
}

/** Number of members of a parsed JSON value and of all within it; fewer than the text has where a name was given twice. */
function countParsedMembers(root: unknown): number {
  let members = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const inner = Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const part of inner) if (typeof part === "object") open.push(part);
  }
  return members;
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Product of the sizes, or NaN where it, or a part of it, is no safe integer. */
function safeProduct(shape: readonly number[]): number {
  let product = 1;
  for (const size of shape) {
    product *= size;
    if (!Number.isSafeInteger(product)) return Number.NaN;
  }
  return product;
}

/** Place and type of one tensor, checked against the `available` bytes of data that start at `start`. */
function readEntry(name: string, entry: unknown, start: number, available: number, source: string): TensorEntry {
  const label = brief(name);
  if (!isRecord(entry)) return corrupt(source, `the entry of ${label} is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isElementType(dtype)) return corrupt(source, `${label} has the unknown element type ${brief(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isSize)) return corrupt(source, `${label} has shape ${brief(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return corrupt(source, `${label} has data_offsets ${brief(offsets)}`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > available) {
    corrupt(source, `${label} lies at bytes ${begin} to ${end} of ${available}`);
  }
  if (end - begin !== safeProduct(shape) * bytesPerElement(dtype)) {
    corrupt(source, `${label} has ${end - begin} bytes for shape ${brief(shape)} of ${dtype}`);
  }
  return { name, dtype, shape, begin: start + begin, end: start + end };
}

function readMetadata(entry: unknown, source: string): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (!isRecord(entry)) return corrupt(source, "__metadata__ is not an object");
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== "string") return corrupt(source, `metadata ${brief(key)} is not text`);
    metadata.set(key, value);
  }
  return metadata;
}

/**
 * Reads the JSON of a header. Every type, size and offset is checked against the size of the file: tensors fill its data without gap or overlap.
 *
 * @throws CorruptFileError that names the first thing that is wrong
 */
export function parseHeader(text: Uint8Array, fileBytes: number, source: string): SafetensorsHeader {
  const start = 8 + text.length;
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (cause) {
    corrupt(source, "the header is not JSON in UTF-8", cause);
  }
  if (!isRecord(header)) return corrupt(source, "the header is not a JSON object");
  if (countMembers(text) !== countParsedMembers(header)) corrupt(source, "a name occurs twice in the header");
  let metadata: ReadonlyMap<string, string> = new Map();
  const entries: TensorEntry[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") metadata = readMetadata(entry, source);
    else entries.push(readEntry(name, entry, start, fileBytes - start, source));
  }
  let reached = start;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached) {
      const place = `starts at byte ${begin - start} of the data`;
      corrupt(source, `${brief(name)} ${place}, but the tensor before ends at ${reached - start}`);
    }
    reached = end;
  }
  if (reached !== fileBytes) {
    corrupt(source, `the tensors end at byte ${reached - start} of the data and the file at ${fileBytes - start}`);
  }
  return { entries, metadata };
}
