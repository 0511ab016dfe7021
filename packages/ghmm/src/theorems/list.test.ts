import { describe, expect, test } from "vitest";
import { tensorProduct } from "../compose/tensor-product.ts";
import { createHmm } from "../process/create.ts";
import { withParts } from "../process/with-parts.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { tomQuantum } from "../processes/tom-quantum.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { createKey } from "../random/key.ts";
import { beliefMartingale } from "./belief-martingale.ts";
import { checkTheorem } from "./check-theorem.ts";
import * as exported from "./index.ts";
import { theorems } from "./list.ts";
import type { TheoremSubject } from "./theorem.ts";

/** Ordinary processes, with what they are made of. */
const subjects: Readonly<Record<string, TheoremSubject>> = {
  Mess3: { process: mess3({ x: 0.15, a: 0.6 }) },
  "a Bloch walk": { process: tomQuantum({ alpha: 1, beta: 3 }) },
  "two side by side": {
    process: tensorProduct(zeroOneRandom({ p: 0.3 }), goldenMean({ p: 0.5 })),
    factors: [
      { name: "a", dimension: 3 },
      { name: "c", dimension: 2 },
    ],
    tokenSizes: [2, 2],
  },
  "two coins, one of them thrown": {
    process: createHmm({
      operators: [0.9, 0.2].map((_, x) => [
        [x === 0 ? 0.9 : 0.1, 0],
        [0, x === 0 ? 0.2 : 0.8],
      ]),
      initial: [0.3, 0.7],
    }),
    blocks: [[0], [1]],
  },
  "a start that is not stationary": { process: withParts(goldenMean({ p: 0.5 }), { initial: Float64Array.of(1, 0) }) },
};

test("the list holds every exported theorem once, in order", () => {
  const found = Object.values(exported).filter((value) => typeof value === "object" && "arbitrary" in value);
  expect(new Set(theorems)).toEqual(new Set(found));
  const ids = theorems.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

test("which theorems apply to which process", () => {
  const applying = Object.entries(subjects).map(([name, subject]) => [
    name,
    theorems
      .filter((theorem) => theorem.instanceOf(subject) !== undefined)
      .map(({ id }) => id)
      .join(" "),
  ]);
  expect(Object.fromEntries(applying)).toEqual({
    // uncountably many beliefs: no closed forms
    Mess3: "T1 T2 T3 T4 T5 T6 T7",
    "a Bloch walk": "T1 T2 T3 T4 T5 T6 T7",
    "two side by side": "T1 T2 T3 T4 T5 T6 T7 T8 T9",
    // the beliefs of two unequal coins are countably many
    "two coins, one of them thrown": "T1 T2 T3 T4 T5 T6 T7",
    "a start that is not stationary": "T2 T3 T4 T5",
  });
});

test("a conserved block is the functional of T6", () => {
  const subject = subjects["two coins, one of them thrown"];
  expect(subject && beliefMartingale.instanceOf(subject)?.functional).toEqual(Float64Array.of(1, 0));
  const mixing = { process: goldenMean({ p: 0.5 }), blocks: [[0], [1]] };
  expect(beliefMartingale.instanceOf(mixing)?.functional).toBeUndefined();
});

describe.each(theorems.map((theorem) => [theorem.id, theorem] as const))("%s", (_, theorem) => {
  test(`holds: ${theorem.name}`, () => {
    const { failure, worst } = checkTheorem(theorem, { runs: 60, key: createKey(20261121) });
    expect(failure).toBeUndefined();
    expect(worst.residual).toBeLessThanOrEqual(worst.tolerance);
  });

  test.each(theorem.counterexamples.map((it) => [it.drops, it] as const))("needs: %s", (drops, { instance }) => {
    expect(theorem.hypotheses.map(({ id }) => id)).toContain(drops);
    // no rounding error: a counterexample misses by more than a hundredth
    expect(theorem.residual(instance)).toBeGreaterThan(0.01);
    expect(theorem.residual(instance)).toBeGreaterThan(100 * theorem.tolerance(instance));
  });

  test("is proved, or says where it is", () => {
    expect(theorem.proof.length).toBeGreaterThan(theorem.status === "literature" ? 20 : 200);
    expect(theorem.use).toMatch(/\.$/);
    // every formula is closed
    for (const text of [theorem.statement, theorem.proof, theorem.use, theorem.untested ?? ""]) {
      expect((text.match(/\$/g) ?? []).length % 2, text).toBe(0);
    }
  });

  test.each(Object.entries(subjects))("a process of one's own: %s", (_name, subject) => {
    const instance = theorem.instanceOf(subject);
    if (instance === undefined) expect(theorem.needs).toBeDefined();
    else expect(checkTheorem(theorem, { instance }).failure).toBeUndefined();
  });

  test("has a counterexample for every hypothesis", () => {
    const dropped = theorem.counterexamples.map(({ drops }) => drops);
    for (const { id } of theorem.hypotheses) expect(dropped).toContain(id);
  });
});
