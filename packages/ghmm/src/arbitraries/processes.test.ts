import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { singularValueDecomposition } from "../numeric/decompose.ts";
import { gaugeTransformed, hmm, word } from "./index.ts";

describe("arbitraries", () => {
  test.prop([hmm({ maxStates: 5, maxTokens: 4 })])("hmm stays within its sizes", (process) => {
    expect(process.stateDim).toBeLessThanOrEqual(5);
    expect(process.alphabet.length).toBeLessThanOrEqual(4);
    expect(process.certificate.kind).toBe("hmm");
  });

  test("hmm reaches every size", () => {
    const sizes = new Set(
      fc
        .sample(hmm({ maxStates: 2, maxTokens: 2 }), { numRuns: 60, seed: 1 })
        .map((p) => [p.stateDim, p.alphabet.length].join()),
    );
    expect([...sizes].sort()).toEqual(["1,1", "1,2", "2,1", "2,2"]);
  });

  test.prop([gaugeTransformed()])("gaugeTransformed reports the condition number of its basis", (pair) => {
    const d = pair.hmm.stateDim;
    const { values } = singularValueDecomposition(pair.basis.flat(), [d, d]);
    expect((values[0] ?? 0) / (values[d - 1] ?? 0)).toBeCloseTo(pair.condition, 8);
    expect(pair.condition).toBeLessThanOrEqual(50);
    expect(pair.ghmm.stateDim).toBe(d);
  });

  test("gaugeTransformed makes signed operators", () => {
    const pairs = fc.sample(gaugeTransformed(), { numRuns: 50, seed: 2 });
    const signed = pairs.filter(({ ghmm }) => ghmm.operator(0).some((value) => value < 0));
    expect(signed.length).toBeGreaterThan(10);
  });

  test.prop([hmm().chain((process) => word(process, 3).map((tokens) => ({ process, tokens })))])(
    "word stays within length and alphabet",
    ({ process, tokens }) => {
      expect(tokens.length).toBeLessThanOrEqual(3);
      for (const token of tokens) expect(token).toBeLessThan(process.alphabet.length);
    },
  );
});
