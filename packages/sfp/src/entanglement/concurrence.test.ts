import { fc, test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { binaryEntropy } from "../_testing/words.ts";
import { complexKronecker, density, rotated, unitary, unitVector } from "./_testing/states.ts";
import { concurrence, entanglementOfFormation } from "./concurrence.ts";
import { pureDensity } from "./embeddings.ts";
import { vonNeumannEntropy } from "./entropies.ts";
import { negativity } from "./negativity.ts";
import { partialTrace } from "./partial-trace.ts";

describe("concurrence", () => {
  test.prop([unitVector(4)], { numRuns: 60 })("of a pure state is 2 |ad - bc|, and formation its entropy", (psi) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => [psi.re[i] ?? 0, psi.im[i] ?? 0] as const);
    const times = ([x, y] = [0, 0], [u, v] = [0, 0]) => [x * u - y * v, x * v + y * u] as const;
    const [first, second] = [
      times([...(a ?? [0, 0])], [...(d ?? [0, 0])]),
      times([...(b ?? [0, 0])], [...(c ?? [0, 0])]),
    ];
    const rho = pureDensity(psi);
    expect(concurrence(rho)).toBeCloseTo(2 * Math.hypot(first[0] - second[0], first[1] - second[1]), 12);
    const entropy = vonNeumannEntropy(partialTrace(rho, [2, 2], { keep: "first" }));
    expect(entanglementOfFormation(rho)).toBeCloseTo(entropy, 10);
  });

  test("of the Werner state p |singlet><singlet| + (1 - p) I / 4: (3 p - 1) / 2 above p = 1/3", () => {
    const singlet = pureDensity([0, Math.SQRT1_2, -Math.SQRT1_2, 0]);
    for (const p of [0, 0.2, 1 / 3, 0.5, 0.9, 1]) {
      const rho = singlet.map((value, at) => p * value + (at % 5 === 0 ? (1 - p) / 4 : 0));
      const expected = Math.max(0, (3 * p - 1) / 2);
      expect(concurrence(rho)).toBeCloseTo(expected, 13);
      const formation = binaryEntropy((1 + Math.sqrt(1 - expected ** 2)) / 2);
      expect(entanglementOfFormation(rho)).toBeCloseTo(formation, 12);
      expect(entanglementOfFormation(rho, { unit: "nats" })).toBeCloseTo(formation * Math.LN2, 12);
    }
  });

  test.prop([density(4), unitary(2), unitary(2)], { numRuns: 40 })("local unitaries keep it", (rho, u, v) => {
    expect(concurrence(rotated(rho, complexKronecker(u, 2, v, 2), 4))).toBeCloseTo(concurrence(rho), 7);
  });

  test.prop([density(4)], { numRuns: 60 })("is positive exactly with the negativity, and at least twice it", (rho) => {
    const [c, n] = [concurrence(rho), 2 * negativity(rho, [2, 2])];
    expect(c).toBeGreaterThanOrEqual(n - 1e-7);
    // Verstraete et al. 2001: the negativity is at least sqrt((1 - C)^2 + C^2) - (1 - C)
    expect(n).toBeGreaterThanOrEqual(Math.sqrt((1 - c) ** 2 + c ** 2) - (1 - c) - 1e-7);
  });

  // T22
  test.prop([fc.array(unitVector(4), { minLength: 1, maxLength: 3 })], { numRuns: 40 })(
    "formation costs at most the mean entropy of any ensemble",
    (states) => {
      const terms = states.map((psi) => pureDensity(psi));
      const mean = (part: "re" | "im") =>
        Float64Array.from({ length: 16 }, (_, at) => {
          return terms.reduce((sum, term) => sum + (term[part][at] ?? 0), 0) / terms.length;
        });
      const entropies = terms.map((term) => vonNeumannEntropy(partialTrace(term, [2, 2], { keep: "first" })));
      const bound = entropies.reduce((sum, value) => sum + value, 0) / terms.length;
      expect(entanglementOfFormation({ re: mean("re"), im: mean("im") })).toBeLessThanOrEqual(bound + 1e-7);
    },
  );

  test("bad input", () => {
    const mixed = [1 / 3, 0, 0, 0, 1 / 3, 0, 0, 0, 1 / 3];
    expect(() => concurrence(mixed)).toThrow(ShapeError);
    expect(() => entanglementOfFormation(mixed)).toThrow("entanglementOfFormation: rho is 3 x 3");
    expect(() => concurrence(pureDensity([1, 0, 0, 0]).map((value) => 2 * value))).toThrow("rho has trace 2");
    expect(() => entanglementOfFormation(pureDensity([1, 0, 0, 0]), { unit: "bans" as "bits" })).toThrow(
      "unit is bans",
    );
  });
});
