import { textWidth } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted } from "./fitted.ts";

test("a text that fits stays as it is, a longer one begins alike, ends in an ellipsis and fits", () => {
  expect(fitted("state 0", 200)).toBe("state 0");
  expect(fitted("a long name", 50)).toBe("a long…");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.integer({ min: 20, max: 200 }), (text, width) => {
      const short = fitted(text, width);
      expect(textWidth(short)).toBeLessThanOrEqual(width);
      if (short === text) return;
      expect(short.endsWith("…")).toBe(true);
      expect(text.startsWith(short.slice(0, -1))).toBe(true);
    }),
  );
  // one character is kept whatever the width
  expect(fitted("abc", 1)).toBe("a…");
});
