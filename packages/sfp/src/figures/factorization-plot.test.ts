import { changeBasis } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { factorizationRecord } from "../discover/index.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { factorizationPlot } from "./factorization-plot.ts";

describe("factorizationPlot", () => {
  test("draws every curve of the record from position 0, in its unit", () => {
    const record = factorizationRecord(personaMess3({ theta: 1 }), { maxLength: 3, unit: "nats" });
    const svg = factorizationPlot(record);
    for (const name of ["I(A:C)", "S_sqrt", "chi", "I(U:Y)"]) expect(svg).toContain(`>${name} of`);
    expect(svg).toContain(">nats</text>");
    expect([...svg.matchAll(/fill="none" stroke="#/g)].length).toBe(4);
    // one marker in the legend and one for each of the positions 0 to 3
    expect([...svg.matchAll(/<circle/g)].length).toBe(5);
    expect(svg).toContain("persona | capability");
    expect(svg).toContain(`Fbar ${Number(record.operators.fbar.toPrecision(4))}, rank up to 2`);
    expect(svg).not.toContain("NaN");
  });

  test("names what signed beliefs do not have, and draws what they have", () => {
    const process = personaZ1r();
    const basis = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => (i === j ? 1 : j === i - 1 ? 1 : 0)),
    );
    const signed = changeBasis(process, basis);
    const record = factorizationRecord(signed, { structure: process.structure, maxLength: 2 });
    const svg = factorizationPlot(record);
    expect(svg).toContain("undefined here: I(A:C) of beliefs, S_sqrt of beliefs");
    expect(svg).toContain(">S_amp of beliefs</text>");
  });

  test("refuses a width that is none", () => {
    const record = factorizationRecord(personaZ1r(), { maxLength: 1 });
    expect(() => factorizationPlot(record, { width: 0 })).toThrow("factorizationPlot: width is 0");
  });

  test("a factored process shows lines at zero, not the shape of rounding", () => {
    const svg = factorizationPlot(factorizationRecord(personaZ1r({ variant: "factored" }), { maxLength: 4 }));
    expect(svg).not.toMatch(/e-1\d/);
  });
});
