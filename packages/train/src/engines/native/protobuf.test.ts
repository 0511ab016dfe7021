import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { protobufMessage } from "./protobuf.ts";

const hex = (message: { encode(): Uint8Array }): string =>
  Array.from(message.encode(), (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** Reads a varint, as two's complement in 64 bits: the value and the bytes that follow. */
function readVarint(bytes: Uint8Array): { readonly value: bigint; readonly rest: Uint8Array } {
  let value = 0n;
  for (const [i, byte] of bytes.entries()) {
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value: BigInt.asIntN(64, value), rest: bytes.subarray(i + 1) };
  }
  throw new Error("a varint that does not end");
}

describe("the examples of the encoding's specification (https://protobuf.dev/programming-guides/encoding)", () => {
  test("an integer, a string, a nested message and a packed list", () => {
    expect(hex(protobufMessage().integer(1, 150))).toBe("08 96 01");
    expect(hex(protobufMessage().text(2, "testing"))).toBe("12 07 74 65 73 74 69 6e 67");
    expect(hex(protobufMessage().message(3, protobufMessage().integer(1, 150)))).toBe("1a 03 08 96 01");
    expect(hex(protobufMessage().integers(6, [3, 270, 86942]))).toBe("32 06 03 8e 02 9e a7 05");
  });

  test("minus two takes ten bytes", () => {
    expect(hex(protobufMessage().integer(1, -2))).toBe("08 fe ff ff ff ff ff ff ff ff 01");
  });
});

test("floats are little-endian, alone and packed", () => {
  expect(hex(protobufMessage().float(2, 1))).toBe("15 00 00 80 3f");
  expect(hex(protobufMessage().floats(4, [1, -2]))).toBe("22 08 00 00 80 3f 00 00 00 c0");
});

test("text is UTF-8, its length counts bytes; fields follow each other", () => {
  expect(hex(protobufMessage().text(1, "é").integer(2, 0))).toBe("0a 02 c3 a9 10 00");
  expect(hex(protobufMessage().bytes(1, Uint8Array.of(7, 8)))).toBe("0a 02 07 08");
  expect(protobufMessage().encode()).toHaveLength(0);
});

test("the last numbers of one and two bytes, and the first of two and three", () => {
  const numbers = [127, 128, 16383, 16384];
  expect(hex(protobufMessage().integers(1, numbers))).toBe("0a 08 7f 80 01 ff 7f 80 80 01");
});

test.prop([fc.array(fc.maxSafeInteger())])("every safe integer is read back", (values) => {
  const { value: length, rest } = readVarint(protobufMessage().integers(1, values).encode().subarray(1));
  expect(Number(length)).toBe(rest.length);
  let bytes = rest;
  for (const expected of values) {
    const read = readVarint(bytes);
    expect(read.value).toBe(BigInt(expected));
    bytes = read.rest;
  }
  expect(bytes).toHaveLength(0);
});

test.prop([fc.integer({ min: 1, max: 2 ** 29 - 1 })])("the key of a field is its number and its wire type", (field) => {
  expect(readVarint(protobufMessage().integer(field, 1).encode()).value).toBe(BigInt(field) * 8n);
  expect(readVarint(protobufMessage().text(field, "").encode()).value).toBe(BigInt(field) * 8n + 2n);
  expect(readVarint(protobufMessage().float(field, 0).encode()).value).toBe(BigInt(field) * 8n + 5n);
});
