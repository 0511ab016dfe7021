import { changeBasis, createHmm, evenOnes, goldenMean, mess3, type Process, tensorProduct } from "@semifactor/ghmm";
import { families } from "@semifactor/sfp";

/** A well conditioned change of basis without symmetry. */
const basis = (d: number): readonly (readonly number[])[] =>
  Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (__, j) => (((i * 7 + j * 3 + i * j) % 11) - 5) / 16 + (i === j ? 2 : 0)),
  );

/** Two states that follow each other, each with its own token. */
const clock = createHmm({
  operators: [
    [
      [0, 1],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 0],
    ],
  ],
  initial: [0.5, 0.5],
});
const clocks = tensorProduct(clock, clock);
const product = tensorProduct(goldenMean({ p: 0.5 }), evenOnes({ p: 0.5 }));
const semi = families.personaZ1r({ variant: "semi", weights: [0.25, 0.75] });
const locked = families.phaseLockedZ1r({ kappa: 0.5, alpha: 0.5 });

/** The processes that vectors about semi-factored processes refer to, by key. */
export const semiFactoredTable: Readonly<Record<string, Process>> = {
  "z9-0": families.phaseLockedZ1r(),
  "z9-0.5": locked,
  "z9-rebased": changeBasis(families.phaseLockedZ1r({ kappa: 0.25, alpha: 0.5 }), basis(9)),
  "p6-factored": families.personaZ1r({ variant: "factored" }),
  "p6-semi": semi,
  "p6-semi-s": families.personaZ1r({ variant: "semi-s" }),
  "p6-semi-rebased": changeBasis(semi, basis(6)),
  "p6-three": families.personaZ1r({ random: [0.2, 0.5, 0.7], weights: [0.2, 0.3, 0.5] }),
  "p6-three-rebased": changeBasis(families.personaZ1r({ random: [0.2, 0.5, 0.7], weights: [0.2, 0.3, 0.5] }), basis(9)),
  "p6-copies": families.personaZ1r({
    random: [0.2, 0.2, 0.6],
    marked: [
      [0.25, 0.25, 0.25],
      [0.25, 0.25, 0.25],
      [0.75, 0.75, 0.75],
    ],
    weights: [0.5, 0.25, 0.25],
  }),
  "p6-certain": families.personaZ1r({ random: [0, 0.5], weights: [0.5, 0.5] }),
  "leaky-0.3": families.leakySector({ leak: 0.3 }).process,
  "pm-0": families.personaMess3({ theta: 0 }),
  "pm-1": families.personaMess3({ theta: 1 }),
  "labels-0.5": families.staticLabels({ alpha: 0.5 }),
  mess3: mess3({ x: 0.15, a: 0.6 }),
  "golden-even": product,
  "golden-even-rebased": changeBasis(product, basis(4)),
  clocks,
  "clocks-from-00": { ...clocks, initial: Float64Array.of(1, 0, 0, 0) },
};
