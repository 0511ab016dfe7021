import { CorruptFileError, InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, type SafetensorsContent, type Tensor } from "./safetensors.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });

const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(shapes, fc.constantFrom("F32", "F64", "I32", "U8"))
  .chain(([shape, type]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const size = { minLength: length, maxLength: length };
    const values: fc.Arbitrary<Tensor["values"]> =
      type === "F32"
        ? fc.float32Array(size)
        : type === "F64"
          ? fc.float64Array(size)
          : type === "I32"
            ? fc.int32Array(size)
            : fc.uint8Array(size);
    return values.map((array) => ({ values: array, shape }));
  });

const content: fc.Arbitrary<SafetensorsContent> = fc.record({
  tensors: fc
    .array(
      fc.tuple(
        fc.string().filter((name) => name !== "__metadata__"),
        tensor,
      ),
      { maxLength: 5 },
    )
    .map((list) => new Map(list)),
  metadata: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((list) => new Map(list)),
});

/** A file with this header and this many bytes of data. */
function file(header: unknown, dataLength: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, data_offsets: unknown) => ({ w: { dtype, shape, data_offsets } });

describe("safetensors", () => {
  test("decoding inverts encoding, whatever the names, shapes, types and values", () => {
    fc.assert(
      fc.property(content, (original) => {
        const decoded = decodeSafetensors(encodeSafetensors(original));
        expect(new Map(decoded.metadata)).toEqual(original.metadata);
        expect(new Set(decoded.tensors.keys())).toEqual(new Set(original.tensors.keys()));
        for (const [name, { values, shape }] of original.tensors) {
          expect(decoded.tensors.get(name)).toEqual({ values, shape });
        }
      }),
      { numRuns: 60 },
    );
  });

  test("bytes of a small file, as the format prescribes", () => {
    const bytes = encodeSafetensors({
      tensors: new Map([["a", { values: Float32Array.of(1), shape: [1] }]]),
      metadata: new Map(),
    });
    const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + header.length))).toBe(header);
    expect([...bytes.subarray(0, 8)]).toEqual([header.length, 0, 0, 0, 0, 0, 0, 0]);
    expect([...bytes.subarray(8 + header.length)]).toEqual([0, 0, 128, 63]);
  });

  test("every truncation of a file is refused by name", () => {
    const tensors = new Map([
      ["w", { values: Float32Array.of(1, 2), shape: [2] }],
      ["b", { values: Float64Array.of(3), shape: [] }],
    ]);
    const bytes = encodeSafetensors({ tensors, metadata: new Map([["k", "v"]]) });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(CorruptFileError);
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => decodeSafetensors(longer)).toThrow(CorruptFileError);
  });

  test("random damage is either refused by name or leaves a readable file, and never anything else", () => {
    const tensors = new Map([["w", { values: Float32Array.of(1, 2), shape: [2] }]]);
    const bytes = encodeSafetensors({ tensors, metadata: new Map([["k", "v"]]) });
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        try {
          decodeSafetensors(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptFileError);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["a header longer than the file", file("{}", 0).fill(255, 0, 8)],
    ["a header that is not JSON", file("{", 0)],
    ["a header that is a list", file([], 0)],
    ["a header that is not UTF-8", file("{}", 0).fill(255, 8)],
    ["an entry that is not an object", file({ w: 3 }, 0)],
    ["an unknown element type", file(entry("F16", [2], [0, 4]), 4)],
    ["a type named like a property of objects", file(entry("constructor", [1], [0, 4]), 4)],
    ["a negative size", file(entry("F32", [-1], [0, 4]), 4)],
    ["a fractional size", file(entry("F32", [0.5], [0, 2]), 2)],
    ["a shape that is not a list", file(entry("F32", 1, [0, 4]), 4)],
    ["sizes whose product overflows", file(entry("F32", [2 ** 40, 2 ** 40], [0, 4]), 4)],
    ["offsets outside the file", file(entry("F32", [2], [0, 8]), 4)],
    ["offsets in reverse", file(entry("F32", [1], [4, 0]), 4)],
    ["one offset", file(entry("F32", [1], [4]), 4)],
    ["a shape that does not fill its bytes", file(entry("F32", [2], [0, 4]), 4)],
    [
      "overlapping tensors",
      file({ ...entry("F32", [2], [0, 8]), b: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }, 8),
    ],
    ["a gap before a tensor", file(entry("F32", [1], [4, 8]), 8)],
    ["bytes after the last tensor", file(entry("F32", [1], [0, 4]), 8)],
    ["metadata that is not text", file({ __metadata__: { a: 1 } }, 0)],
    ["an element type nested too deeply", file(`{"w":{"dtype":${"[".repeat(1e5)}${"]".repeat(1e5)}}}`, 0)],
    ["metadata that is not an object", file({ __metadata__: "a" }, 0)],
  ])("%s is refused by name", (_, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(CorruptFileError);
  });

  test("what the file says is shortened in the message", () => {
    expect(() => decodeSafetensors(file(entry("x".repeat(1e6), [1], [0, 4]), 4))).toThrow(/^.{1,300}$/s);
  });

  test("a shape that does not match its array is not written", () => {
    const tensors = new Map([["w", { values: Float32Array.of(1, 2), shape: [3] }]]);
    expect(() => encodeSafetensors({ tensors, metadata: new Map() })).toThrow(InvalidArgumentError);
  });
});
