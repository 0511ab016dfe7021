import { describe, expect, test } from "vitest";
import { UnsupportedError } from "../numeric/errors.ts";
import { coin } from "../processes/coin.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { simpleNonunifilar } from "../processes/simple-nonunifilar.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { listedCrypticity } from "./_testing/words.ts";
import { crypticity } from "./crypticity.ts";

describe("crypticity", () => {
  test.each([
    ["coin", coin({ p: 0.3 }), 0],
    ["rrxor", rrxor({}), 0],
    // C_mu - E = h_mu: the Markov chain of order one whose states are its tokens
    ["goldenMean", goldenMean({ p: 0.5 }), 2 / 3],
    ["tomQuantum", tomQuantum({ alpha: 1, beta: 1 }), 1.5],
  ])("of %s", (_, process, expected) => {
    const { value, method } = crypticity(process);
    expect(method).toBe("presentation");
    expect(value).toBeCloseTo(expected, 10);
  });

  test("is the limit of H[S_0 | X_1 .. X_L, S_L]", () => {
    const process = goldenMean({ p: 0.3 });
    expect(listedCrypticity(process, 8)).toBeCloseTo(crypticity(process).value, 10);
    expect(crypticity(process, { unit: "nats" }).value).toBeCloseTo(crypticity(process).value * Math.LN2, 12);
  });

  test("says where either part is not exact", () => {
    const found = crypticity(simpleNonunifilar({ p: 0.5, q: 0.5 }));
    expect(found).toMatchObject({ method: "truncated-presentation", unit: "bits" });
    expect(found.value).toBeCloseTo(2.711468724 - 0.147232, 5);
    expect(found.length).toBeGreaterThan(20);
    expect(found.upper).toBeUndefined();
  });

  test("is refused where the statistical complexity is", () => {
    expect(() => crypticity(mess3({ x: 0.15, a: 0.6 }))).toThrow(UnsupportedError);
    expect(() => crypticity(coin({ p: 0.5 }), { maxLength: 0 })).toThrow("crypticity: maxLength is 0");
    expect(() => crypticity(coin({ p: 0.5 }), { maxTruncation: 2 })).toThrow("crypticity: maxTruncation is 2");
  });
});
