import { goldenMean } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runTheorem } from "./check.ts";
import { readOptions } from "./options.ts";
import { amount, headLine, jsonReport, outcomeLine, scientific, untestedLines } from "./report.ts";
import { smallTheorem } from "./testing/small-theorem.ts";

const other = { ...smallTheorem, id: "T10", name: "Another", untested: "That $x$ exists." };
const theorems = [smallTheorem, other];
const random = { runs: 20, key: 1 };

test("numbers are short", () => {
  expect([0, 1.23e-15, Number.POSITIVE_INFINITY].map(scientific)).toEqual(["0", "1.2e-15", "infinite"]);
  expect([0.1, 0.123456, 2, Number.POSITIVE_INFINITY].map(amount)).toEqual(["0.1", "0.1235", "2", "infinite"]);
});

describe("lines", () => {
  test("stand in columns", () => {
    const lines = [headLine(theorems), ...theorems.map((it) => outcomeLine(theorems, runTheorem(it, random)))];
    expect(lines[1]).toMatch(/^T1 {3}Integers are below 50 +0 +5\.0e-1 +20 +1\/1 {2}holds$/);
    const ends = lines.map((line) => line.search(/(verdict|holds)$/));
    expect(new Set(ends).size).toBe(1);
  });

  test("say why a theorem was not checked", () => {
    const outcome = { theorem: smallTheorem, verdict: "not checked", reason: "needs factors", spread: {} } as const;
    expect(outcomeLine(theorems, outcome)).toMatch(/ - +- +- +- {2}not checked: needs factors$/);
  });

  test("list what no run shows", () => {
    expect(untestedLines([smallTheorem])).toEqual([]);
    expect(untestedLines(theorems).slice(2)).toEqual(["T10  That $x$ exists."]);
    const quoted = { ...smallTheorem, status: "literature" } as const;
    expect(untestedLines([quoted])[2]).toBe("T1  The statement: it is a theorem of others.");
  });
});

describe("jsonReport", () => {
  test("has residuals and counterexamples, and no times", () => {
    const options = readOptions(["--runs", "20", "--key", "1"]);
    const text = jsonReport(options, [runTheorem(smallTheorem, random), runTheorem(other, random)]);
    expect(text).toBe(jsonReport(options, [runTheorem(smallTheorem, random), runTheorem(other, random)]));
    const { theorems: entries, ...rest } = JSON.parse(text);
    expect(rest).toEqual({ runs: 20, key: 1, holds: true });
    expect(entries[0]).toEqual({
      id: "T1",
      name: "Integers are below 50",
      status: "standard",
      verdict: "holds",
      instances: 20,
      largestResidual: 0,
      closestToTolerance: { residual: 0, tolerance: 0.5 },
      residualsByPowerOfTen: { "0": 20 },
      counterexamples: [{ without: "small", description: "fifty", residual: 1, tolerance: 0.5, violates: true }],
    });
    expect(entries[1].restsOnProofAlone).toBe("That $x$ exists.");
  });

  test("writes a failing instance out: processes by their parts, no functions, infinities as texts", () => {
    const instance = { process: goldenMean({ p: 0.5 }), belief: Float64Array.of(1, 0), limit: -Infinity, f: () => 1 };
    const failing = { ...smallTheorem, arbitrary: fc.constant(instance), residual: () => Number.POSITIVE_INFINITY };
    const [entry] = JSON.parse(jsonReport(readOptions([]), [runTheorem(failing, random)])).theorems;
    expect(entry.failure).toMatchObject({ residual: "infinite", tolerance: 0.5 });
    expect(entry.failure.instance).toEqual({
      process: {
        alphabet: ["0", "1"],
        operators: [
          [0.5, 0, 1, 0],
          [0, 0.5, 0, 0],
        ],
        initial: [expect.closeTo(2 / 3, 12), expect.closeTo(1 / 3, 12)],
        normalizer: [1, 1],
      },
      belief: [1, 0],
      limit: "-Infinity",
    });
  });

  test("cuts long lists", () => {
    const failing = { ...smallTheorem, arbitrary: fc.constant(new Float64Array(5000)), residual: () => 1 };
    const [entry] = JSON.parse(jsonReport(readOptions([]), [runTheorem(failing, random)])).theorems;
    expect(entry.failure.instance).toHaveLength(4097);
    expect(entry.failure.instance[4096]).toBe("... 5000 in all");
  });
});
