import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { checkBytes, checkGiven } from "./check-given.ts";

describe("checkGiven", () => {
  test.each([
    ["object", {}],
    ["object", []],
    ["function", () => 0],
    ["string", ""],
  ] as const)("takes %s", (kind, value) => {
    expect(() => checkGiven("f", { x: value }, kind)).not.toThrow();
  });

  test.each([
    ["object", undefined, "f: x is undefined. Give an object."],
    ["object", null, "f: x is null. Give an object."],
    ["object", 5, "f: x is 5. Give an object."],
    ["function", {}, "f: x is {}. Give a function."],
    ["string", 5, "f: x is 5. Give a text."],
  ] as const)("refuses what is not %s: %s", (kind, value, message) => {
    expect(() =>
      checkGiven("f", { fine: kind === "object" ? {} : kind === "string" ? "" : () => 0, x: value }, kind),
    ).toThrow(
      new InvalidArgumentError({
        source: "f",
        problem: message.slice(3).split(". ")[0] ?? "",
        remedy: message.split(". ")[1]?.slice(0, -1) ?? "",
      }),
    );
  });

  test("says where an engine comes from", () => {
    expect(() => checkGiven("run", { engine: undefined })).toThrow(
      "run: engine is undefined. Give an engine, e.g. of createEngine.",
    );
  });
});

describe("checkBytes", () => {
  test("takes a Uint8Array, and nothing else", () => {
    expect(() => checkBytes("f", Buffer.from("x"))).not.toThrow();
    expect(() => checkBytes("f", new ArrayBuffer(1))).toThrow("f: the bytes are an ArrayBuffer. Give a Uint8Array.");
    for (const value of [undefined, null, {}, "01", new Uint16Array(1)]) {
      expect(() => checkBytes("f", value)).toThrow(InvalidArgumentError);
    }
  });
});
