import { CorruptFileError, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packHalves, unpackHalves } from "./_internal/half-floats.ts";
import { damagedBytes } from "./_testing/damaged-bytes.ts";
import { decodeSafetensors, encodeSafetensors, type SafetensorsContent, type Tensor } from "./safetensors.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });

const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(shapes, fc.constantFrom("F32", "F64", "I32", "U8", "F16", "BF16", "I64", "BOOL"))
  .chain(([shape, type]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const size = { minLength: length, maxLength: length };
    const halves = fc.float32Array({ ...size, noNaN: true });
    const values: Readonly<Record<typeof type, fc.Arbitrary<Omit<Tensor, "shape">>>> = {
      F32: fc.float32Array(size).map((array) => ({ values: array })),
      F64: fc.float64Array(size).map((array) => ({ values: array })),
      I32: fc.int32Array(size).map((array) => ({ values: array })),
      U8: fc.uint8Array(size).map((array) => ({ values: array })),
      // Values that the types have; rounding is tested beside it.
      F16: halves.map((array) => ({ values: unpackHalves(packHalves(array, "F16"), "F16"), dtype: "F16" })),
      BF16: halves.map((array) => ({ values: unpackHalves(packHalves(array, "BF16"), "BF16"), dtype: "BF16" })),
      I64: fc.array(fc.maxSafeInteger(), size).map((list) => ({ values: Float64Array.from(list), dtype: "I64" })),
      BOOL: fc.array(fc.nat(1), size).map((list) => ({ values: Uint8Array.from(list), dtype: "BOOL" })),
    };
    return values[type].map((parts) => ({ ...parts, shape }));
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
        for (const [name, one] of original.tensors) expect(decoded.tensors.get(name)).toEqual(one);
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
    const tensors = new Map<string, Tensor>([
      ["w", { values: Float32Array.of(1, 2), shape: [2] }],
      ["n", { values: Float64Array.of(7), shape: [], dtype: "I64" }],
      ["b", { values: Uint8Array.of(1, 0, 1), shape: [3, 1], dtype: "BOOL" }],
    ]);
    const bytes = encodeSafetensors({ tensors, metadata: new Map([["k", "v"]]) });
    fc.assert(
      fc.property(damagedBytes(bytes), (damaged) => {
        try {
          decodeSafetensors(damaged);
        } catch (error) {
          expect(error instanceof CorruptFileError || error instanceof UnsupportedError).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["a header longer than the file", file("{}", 0).fill(255, 0, 8)],
    ["a header that is not JSON", file("{", 0)],
    ["a header that is a list", file([], 0)],
    ["a header that is not UTF-8", file("{}", 0).fill(255, 8)],
    ["an entry that is not an object", file({ w: 3 }, 0)],
    ["an unknown element type", file(entry("F17", [2], [0, 4]), 4)],
    ["a claim of 100 GB", file(entry("F32", [25e9], [0, 100e9]), 1000)],
    ["a claim of 100 GB in a shape alone", file(entry("F32", [25e9], [0, 1000]), 1000)],
    ["a size of 0 beside sizes that overflow", file(entry("F32", [2 ** 40, 2 ** 40, 0], [0, 0]), 0)],
    ["a header of more than 100 MB", Object.assign(new Uint8Array(1000), { 4: 1 })],
    ["negative offsets", file(entry("F32", [1], [-4, 0]), 4)],
    ["fractional offsets", file(entry("U8", [1], [0.5, 1.5]), 4)],
    ["offsets that are no numbers", file(entry("F32", [1], ["0", "4"]), 4)],
    [
      "a tensor that occurs twice",
      file(`{"w":${JSON.stringify(entry("U8", [1], [0, 1]).w)},"w":${JSON.stringify(entry("U8", [1], [0, 1]).w)}}`, 1),
    ],
    ["a field that occurs twice", file('{"w":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}', 1)],
    ["a truth value of 2", file(entry("BOOL", [1], [0, 1]), 1).fill(2, -1)],
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

  test("names with quotes, colons, backslashes and braces are no second names", () => {
    const names = ['a":"b', "\\", '\\"', "{:}", "__proto__", "constructor", "1"];
    const tensors = new Map(names.map((name, i) => [name, { values: Uint8Array.of(i), shape: [1] }]));
    const decoded = decodeSafetensors(encodeSafetensors({ tensors, metadata: new Map([["a:b", '":"']]) }));
    expect(new Map(decoded.tensors)).toEqual(tensors);
  });

  test("types that are not read, and integers beyond 2^53, are refused as unsupported", () => {
    expect(() => decodeSafetensors(file(entry("F8_E4M3", [4], [0, 4]), 4))).toThrow(UnsupportedError);
    expect(() => decodeSafetensors(file(entry("I64", [1], [0, 8]), 8).fill(127, -8))).toThrow(/beyond 2\^53/);
  });

  test("values that a type does not have are not written", () => {
    const write = (tensor: Tensor) => () =>
      encodeSafetensors({ tensors: new Map([["w", tensor]]), metadata: new Map() });
    expect(write({ values: Float64Array.of(0.5), shape: [1], dtype: "I64" })).toThrow(InvalidArgumentError);
    expect(write({ values: Uint8Array.of(2), shape: [1], dtype: "BOOL" })).toThrow(InvalidArgumentError);
    expect(write({ values: Int32Array.of(2), shape: [1], dtype: "F16" })).toThrow(InvalidArgumentError);
  });

  test("a shape that does not match its array is not written", () => {
    const tensors = new Map([["w", { values: Float32Array.of(1, 2), shape: [3] }]]);
    expect(() => encodeSafetensors({ tensors, metadata: new Map() })).toThrow(InvalidArgumentError);
  });
});

describe("callers without types", () => {
  test.each<[string, () => unknown]>([
    ["encodeSafetensors: content is undefined", () => encodeSafetensors(undefined as never)],
    ["encodeSafetensors: tensors is undefined", () => encodeSafetensors({ metadata: new Map() } as never)],
    ["encodeSafetensors: metadata is undefined", () => encodeSafetensors({ tensors: new Map() } as never)],
    ["decodeSafetensors: the bytes are undefined", () => decodeSafetensors(undefined as never)],
    ["decodeSafetensors: the bytes are an ArrayBuffer", () => decodeSafetensors(new ArrayBuffer(20) as never)],
  ])("%s", (message, call) => {
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(message);
  });
});
