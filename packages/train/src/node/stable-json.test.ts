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

  test.prop([fc.jsonValue(), fc.nat({ max: 4 })])(
    "indented by any number of spaces it is the same value, and ends its line",
    (value, indent) => {
      const text = stableJson(value, indent);
      expect(JSON.parse(text)).toEqual(JSON.parse(stableJson(value)));
      expect(text.endsWith("\n")).toBe(true);
      if (indent === 0) expect(text.indexOf("\n")).toBe(text.length - 1);
    },
  );
});
