import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { document, expectMarksCounted, expectWellFormed, parse, texts } from "./_testing/parse.ts";
import { shiftCurves } from "./shift-curves.ts";

const steps = [0, 10, 20, 30];
const figure = shiftCurves({
  document,
  panels: [
    { cell: "a", adapter: "LoRA", steps, held: [0, 0.1, 0.2, 0.3, 0, 0.3, 0.6, 1.1], narrow: [0, 0.5, 1, 1] },
    { cell: "b", adapter: "D*", steps, held: [0, 0, 0, -0.1] },
  ],
});

describe("shiftCurves", () => {
  test("is well-formed SVG with a size, a name and a text alternative", () => {
    expectWellFormed(figure);
  });

  test("counts its data marks, and no coordinate is NaN", () => {
    expectMarksCounted(figure);
  });

  test("draws contexts, mean with circles and narrow line, and marks what was not run", () => {
    expect(figure.marks).toBe(2 + 1 + 1 + 4 + (1 + 1 + 4));
    const all = texts(figure);
    expect(all.match(/not run/g)).toHaveLength(2);
    for (const label of ["LoRA", "D*", "fine-tuning step", "shift (held)", "narrow contexts"])
      expect(all).toContain(label);
  });

  test("the circles are at the mean of the contexts, step by step", () => {
    const titles = [...parse(figure).querySelectorAll('g[aria-label="dot"].data-mark title')].map(
      (title) => title.textContent,
    );
    // (0 + 0) / 2, (.1 + .3) / 2, (.2 + .6) / 2, (.3 + 1.1) / 2; then the single context of the other panel
    expect(titles).toEqual([
      "a, LoRA: mean 0.00 at step 0",
      "a, LoRA: mean 0.20 at step 10",
      "a, LoRA: mean 0.40 at step 20",
      "a, LoRA: mean 0.70 at step 30",
      "b, D*: mean 0.00 at step 0",
      "b, D*: mean 0.00 at step 10",
      "b, D*: mean 0.00 at step 20",
      "b, D*: mean -0.10 at step 30",
    ]);
  });

  test("refuses nothing to draw, values that are not finite, and arrays that do not match", () => {
    const panel = { cell: "a", adapter: "b", steps, held: [0, 0, 0, 0] };
    expect(() => shiftCurves({ document, panels: [] })).toThrow("panels is empty");
    expect(() => shiftCurves({ document, panels: [{ ...panel, held: [1] }] })).toThrow(ShapeError);
    expect(() => shiftCurves({ document, panels: [{ ...panel, narrow: [0, 0, 0] }] })).toThrow(ShapeError);
    expect(() => shiftCurves({ document, panels: [{ ...panel, narrow: [0, 0, 0, Number.NaN] }] })).toThrow(
      "narrow of a / b[3, 0] is NaN",
    );
    expect(() => shiftCurves({ document, panels: [{ ...panel, steps: [] }] })).toThrow(InvalidArgumentError);
  });
});
