import { tensorProduct, tomQuantum } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { personaZ1r } from "../families/persona-z1r.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { factorizationRecord } from "./factorization-record.ts";
import { factorizationTable } from "./factorization-table.ts";

const linesOf = (table: string) => new Map(table.split("\n").map((line) => [line.split(/ {2,}/)[0] ?? "", line]));

describe("factorizationTable", () => {
  const record = factorizationRecord(personaZ1r({ variant: "semi" }), { tokenSizes: [2, 2], maxLength: 3 });
  const table = factorizationTable(record);
  const lines = linesOf(table);

  test("has a line for every quantity, with its numbers", () => {
    expect(table.split("\n")[0]).toBe("persona | phase, words of up to 3 tokens");
    // theory notes, 2.5
    expect(lines.get("S_op, by token")).toContain("0.101 0.1819 0.1819 0.101");
    expect(lines.get("I(A:C), by position")).toContain("0 0.0489 0.0566 0");
    expect(lines.get("I(U:Y), by length")).toMatch(/0 0\.0072 0\.036\d 0\.14/);
    expect(lines.get("commutant dimension")).toMatch(/dimension +2 /);
    expect(lines.get("operator rank, max")).toMatch(/max +2 /);
    const expected = [
      "Fbar",
      "S_sqrt, mean",
      "negativity, max",
      "S_amp, mean",
      "belief rank, max",
      "chi, mean",
      "I(U:Y), rate",
    ];
    for (const quantity of expected) expect([...lines.keys()]).toContain(quantity);
  });

  test("says the unit, and in nats another number", () => {
    const bits = Number(/mean +([\d.e-]+) +bits/.exec(lines.get("I(A:C), mean") ?? "")?.[1]);
    const inNats = factorizationTable(
      factorizationRecord(personaZ1r({ variant: "semi" }), { unit: "nats", maxLength: 3 }),
    );
    const nats = Number(/mean +([\d.e-]+) +nats/.exec(linesOf(inNats).get("I(A:C), mean") ?? "")?.[1]);
    expect(nats).toBeCloseTo(bits * Math.LN2, 6);
    expect(inNats).not.toContain(" bits");
  });

  test("columns begin at the same place, and no line ends in spaces", () => {
    const starts = ["operators: 1", "beliefs: classical", "blocks: at least"].map((meaning) => {
      const line = table.split("\n").find((each) => each.includes(meaning)) ?? "";
      return line.indexOf(meaning);
    });
    expect(new Set(starts).size).toBe(1);
    expect(table).not.toMatch(/ $/m);
    expect(table).not.toMatch(/NaN|undefined/);
  });

  test("what does not exist has one line, with the reason", () => {
    const bloch = tomQuantum({ alpha: 1, beta: 3 });
    const factor = (name: string) => ({ name, dimension: 3 });
    const structure = tensorStructure({ factors: [factor("a"), factor("c")] });
    const quantum = linesOf(
      factorizationTable(factorizationRecord(tensorProduct(bloch, bloch), { structure, maxLength: 1 })),
    );
    expect(quantum.get("S_sqrt")).toMatch(/undefined +the normalizer is not all ones/);
    expect(quantum.get("I(U:Y)")).toMatch(/undefined +tokens are declared to have no parts/);
    expect(quantum.has("S_sqrt, mean")).toBe(false);
    expect(quantum.has("S_amp, mean")).toBe(true);
  });
});
