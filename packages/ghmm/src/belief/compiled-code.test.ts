import { afterEach, describe, expect, test, vi } from "vitest";
import { compileCode, index, range } from "./compiled-code.ts";

afterEach(() => void vi.unstubAllGlobals());

describe("compileCode", () => {
  test("makes a function of named parameters", () => {
    const add = compileCode<(a: number, b: number) => number>(["a", "b"], "return a + b;");
    expect(add?.(2, 3)).toBe(5);
  });

  test("gives none where a policy forbids code from text, and throws other errors", () => {
    expect(() => compileCode([], "return }")).toThrow(SyntaxError);
    vi.stubGlobal("Function", function Forbidden() {
      throw new EvalError("forbidden");
    });
    expect(compileCode([], "return 1;")).toBeUndefined();
  });
});

test("range counts from 0; index stays within 32 bits", () => {
  expect(range(3)).toEqual([0, 1, 2]);
  expect(index("at", 2)).toBe("(at+2|0)");
});
