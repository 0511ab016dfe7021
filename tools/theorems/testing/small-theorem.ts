import type { Theorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";

/** "Every integer is below 50": a theorem without rounding, which can be broken in any place. */
export const smallTheorem: Theorem<unknown> = {
  id: "T1",
  name: "Integers are below 50",
  statement: "$n < 50$",
  status: "standard",
  proof: "By counting: $$ 1, 2, \\dots, 49 $$ are below.",
  use: "Tests.",
  needs: "two states",
  hypotheses: [{ id: "small", statement: "$n < 50$" }],
  instanceOf: ({ process }) => (process.stateDim > 1 ? process.stateDim : undefined),
  arbitrary: fc.nat(49),
  residual: (n) => Math.max(0, Number(n) - 49),
  tolerance: () => 0.5,
  counterexamples: [{ drops: "small", description: "fifty", instance: 50 }],
};
