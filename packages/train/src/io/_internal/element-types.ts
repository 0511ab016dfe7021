import { CorruptFileError, UnsupportedError } from "@semifactor/ghmm";
import type { Tensor } from "../tensor.ts";
import { packHalves, unpackHalves } from "./half-floats.ts";

/** Bytes of an element by its name in a safetensors header. */
const elementBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  BOOL: 1,
  // Known to the format; files with them open, but these tensors are not read.
  U64: 8,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;

/** Element type of a tensor in a safetensors file. */
export type ElementType = keyof typeof elementBytes;

/** Whether this is the name of an element type. */
export function isElementType(name: unknown): name is ElementType {
  return typeof name === "string" && Object.hasOwn(elementBytes, name);
}

/** Bytes of one element. */
export function bytesPerElement(type: ElementType): number {
  return elementBytes[type];
}

/** The element type in which a tensor is written. */
export function elementTypeOf({ values, dtype }: Tensor): ElementType {
  if (dtype !== undefined) return dtype;
  if (values instanceof Float32Array) return "F32";
  if (values instanceof Float64Array) return "F64";
  return values instanceof Int32Array ? "I32" : "U8";
}

const arrays: Readonly<Partial<Record<ElementType, (tensor: Tensor) => boolean>>> = {
  F16: ({ values }) => values instanceof Float32Array || values instanceof Float64Array,
  BF16: ({ values }) => values instanceof Float32Array || values instanceof Float64Array,
  I64: ({ values }) => values instanceof Float64Array && values.every(Number.isSafeInteger),
  BOOL: ({ values }) => values instanceof Uint8Array && values.every((value) => value <= 1),
};

/** Whether the values of a tensor can be written as the element type that it asks for. */
export function fitsElementType(tensor: Tensor): boolean {
  return tensor.dtype === undefined || arrays[tensor.dtype]?.(tensor) === true;
}

/** The bytes of a tensor as its element type. */
export function elementsToBytes({ values, dtype }: Tensor): Uint8Array {
  const floats = values instanceof Float32Array || values instanceof Float64Array;
  const words =
    floats && (dtype === "F16" || dtype === "BF16")
      ? packHalves(values, dtype)
      : dtype === "I64"
        ? BigInt64Array.from(values, BigInt)
        : values;
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/**
 * Elements of a type as a tensor; `bytes` must start an `ArrayBuffer` of its own.
 *
 * @throws UnsupportedError if the type is not read, or an I64 is beyond 2^53 - 1
 * @throws CorruptFileError if a BOOL is neither 0 nor 1
 */
export function bytesToTensor(
  bytes: Uint8Array<ArrayBuffer>,
  entry: { readonly name: string; readonly dtype: ElementType; readonly shape: readonly number[] },
  source: string,
): Tensor {
  const { name, dtype, shape } = entry;
  const { buffer } = bytes;
  const refuse = (problem: string): never => {
    throw new UnsupportedError({ source, problem, remedy: "Convert the tensor to float32, or leave it out" });
  };
  switch (dtype) {
    case "F32":
      return { values: new Float32Array(buffer), shape };
    case "F64":
      return { values: new Float64Array(buffer), shape };
    case "I32":
      return { values: new Int32Array(buffer), shape };
    case "U8":
      return { values: bytes, shape };
    case "F16":
    case "BF16":
      return { values: unpackHalves(new Uint16Array(buffer), dtype), shape, dtype };
    case "BOOL": {
      const wrong = bytes.find((value) => value > 1);
      if (wrong === undefined) return { values: bytes, shape, dtype };
      throw new CorruptFileError({
        source,
        problem: `"${name}" of element type BOOL has the value ${wrong}`,
        remedy: "The file is damaged: delete it, or restore it from a copy",
      });
    }
    case "I64": {
      const values = Float64Array.from(new BigInt64Array(buffer), Number);
      const index = values.findIndex((value) => !Number.isSafeInteger(value));
      if (index >= 0) refuse(`"${name}" has the integer ${values[index]}, beyond 2^53 - 1`);
      return { values, shape, dtype };
    }
    default:
      return refuse(`"${name}" has element type ${dtype}, which is not read`);
  }
}
