import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { stableJson } from "./stable-json.ts";

describe("stableJson", () => {
  test.prop([fc.dictionary(fc.string(), fc.jsonValue())])("does not depend on the order of keys", (value) => {
    expect(stableJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(stableJson(value));
  });

  test.prop([fc.jsonValue()])("loses nothing", (value) => {
    expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });
});
