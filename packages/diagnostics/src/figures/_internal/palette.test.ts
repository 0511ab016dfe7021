import { describe, expect, test } from "vitest";
import { ink, seriesStyle, softInk } from "./palette.ts";

/** Contrast of a colour against white: the relative luminance formula of WCAG 2.2. */
function contrastWithWhite(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

const eight = Array.from({ length: 8 }, (_, i) => seriesStyle(i));

describe("seriesStyle", () => {
  test("colour, dash and symbol each tell eight series apart; the ninth is the first again", () => {
    for (const part of ["color", "dash", "symbol"] as const) {
      expect(new Set(eight.map((style) => style[part])).size).toBe(8);
    }
    expect(seriesStyle(8)).toEqual(seriesStyle(0));
  });

  test("lines stand out from white by 3 to 1 and text by 4.5 to 1 (WCAG 2.2, criteria 1.4.11 and 1.4.3)", () => {
    expect(contrastWithWhite("#000000")).toBeCloseTo(21, 12);
    for (const { color } of eight) expect(contrastWithWhite(color)).toBeGreaterThan(3);
    for (const color of [ink, softInk]) expect(contrastWithWhite(color)).toBeGreaterThan(4.5);
  });
});
