import { describe, expect, test } from "vitest";
import { certify, checkShortWords } from "./certificate.ts";

const one = Float64Array.of(1);

describe("certify", () => {
  test("signs and the normalizer decide", () => {
    const half = [Float64Array.of(0.5), Float64Array.of(0.5)];
    expect(certify(half, one, one)).toBe("hmm");
    expect(certify(half, Float64Array.of(0.5), Float64Array.of(2))).toBe("cone");
    expect(certify([Float64Array.of(1.5), Float64Array.of(-0.5)], one, one)).toBe("unchecked");
    expect(certify(half, Float64Array.of(-1), Float64Array.of(-1))).toBe("unchecked");
  });
});

describe("checkShortWords", () => {
  // A state (1, r) that emits 1 with probability (1 - r) / 2 and then has r / (1 / 2 - r / 2): r grows past 1 at some length.
  const operators = [Float64Array.of(0.5, 0, 0.5, 0), Float64Array.of(0.5, 0, -0.5, 1)];
  const initial = (r: number): Float64Array => Float64Array.of(1, r);
  const normalizer = Float64Array.of(1, 0);

  test("finds the first negative word, and only within its budget", () => {
    // r = 0.3: after "1", r = 0.3 / 0.35 = 0.857; after "11", 0.857 / 0.071 = 12; then P(1 | 11) < 0.
    expect(() => checkShortWords("f", operators, initial(0.3), normalizer)).toThrow(
      "the word [1, 1, 1] has probability -",
    );
    expect(() => checkShortWords("f", operators, initial(0.3), normalizer, 6)).not.toThrow();
    expect(() => checkShortWords("f", operators, initial(0.3), normalizer, 14)).toThrow();
  });

  test("the fixed point of the growth is allowed", () => {
    expect(() => checkShortWords("f", operators, initial(0), normalizer)).not.toThrow();
  });
});
