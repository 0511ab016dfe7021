import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { checkParameter } from "./parameter.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("checkParameter", () => {
  test.prop([finite, finite, finite])("accepts exactly the closed range", (value, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const call = () => checkParameter("someProcess", "q", value, low, high);
    if (low <= value && value <= high) expect(call).not.toThrow();
    else expect(call).toThrow(InvalidArgumentError);
  });

  test("the ends of the default range 0 to 1 are in it", () => {
    expect(() => checkParameter("someProcess", "q", 0)).not.toThrow();
    expect(() => checkParameter("someProcess", "q", 1)).not.toThrow();
    expect(() => checkParameter("someProcess", "q", 1 + Number.EPSILON)).toThrow(InvalidArgumentError);
    expect(() => checkParameter("someProcess", "q", -Number.MIN_VALUE)).toThrow(InvalidArgumentError);
  });

  test("the message names process, parameter, value and range; NaN is in no range", () => {
    expect(() => checkParameter("someProcess", "q", Number.NaN, 0.1, 0.5)).toThrow(
      "someProcess: q is NaN. Give q from 0.1 to 0.5.",
    );
  });
});
