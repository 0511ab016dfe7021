import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { checkParameter, checkParameters, describeRange } from "./parameter.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("checkParameter", () => {
  test.prop([finite, finite, finite])("accepts exactly the closed range", (value, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const call = () => checkParameter("someProcess", { name: "q", range: [low, high] }, value);
    if (low <= value && value <= high) expect(call).not.toThrow();
    else expect(call).toThrow(InvalidArgumentError);
  });

  test("the ends of a range are in it unless they are open", () => {
    const call = (value: number, openEnds: readonly [boolean, boolean]) => () =>
      checkParameter("someProcess", { name: "q", range: [0, 1], openEnds }, value);
    expect(call(0, [false, true])).not.toThrow();
    expect(call(1, [false, true])).toThrow("Give q at least 0 and below 1");
    expect(call(0, [true, false])).toThrow("Give q above 0 and at most 1");
    expect(call(1, [true, false])).not.toThrow();
    expect(call(1 + Number.EPSILON, [false, false])).toThrow("Give q from 0 to 1");
    expect(call(-Number.MIN_VALUE, [false, false])).toThrow(InvalidArgumentError);
  });

  test("the message names process, parameter, value and range; NaN and what is missing are in no range", () => {
    const q = { name: "q", range: [0.1, 0.5] } as const;
    expect(() => checkParameter("someProcess", q, Number.NaN)).toThrow(
      "someProcess: q is NaN. Give q from 0.1 to 0.5.",
    );
    expect(() => checkParameter("someProcess", q, undefined, "q[3]")).toThrow("q[3] is undefined. Give q[3] from 0.1");
  });
});

describe("checkParameters", () => {
  test("checks in order", () => {
    const parameters = ["a", "b"].map((name) => ({ name, range: [0, 1] as const, example: 0, meaning: "" }));
    expect(() => checkParameters("someProcess", parameters, { b: 2, a: 3 })).toThrow("a is 3");
    expect(() => checkParameters("someProcess", parameters, { b: 2, a: 1 })).toThrow("b is 2");
    expect(() => checkParameters("someProcess", parameters, { b: 1, a: 1 })).not.toThrow();
  });
});

describe("describeRange", () => {
  test("open and closed", () => {
    expect(describeRange({ range: [0, 1] })).toBe("from 0 to 1");
    expect(describeRange({ range: [0, 1], openEnds: [true, true] })).toBe("above 0 and below 1");
  });
});
