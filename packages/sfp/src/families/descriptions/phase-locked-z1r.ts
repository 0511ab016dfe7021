import { shannonEntropy } from "@semifactor/ghmm";
import { type PhaseLockedZ1rOptions, phaseLockedZ1r } from "../phase-locked-z1r.ts";
import { binaryEntropy, gramEntropy } from "./_internal/closed-forms.ts";
import { type FamilyQuantity, familyDescription, quantity } from "./description.ts";

/**
 * `1 - Fbar`: every operator is, up to the order of its entries, `[[1, 1/2], [1/2, (1 +- kappa) / 4]]` when realigned, + for equal
 * tokens.
 */
function distance(kappa: number, equal: number): number {
  const entropy = (sign: 1 | -1) => {
    const corner = (1 + sign * kappa) / 4;
    // the matrix is symmetric, so its squared singular values are the eigenvalues of its square
    return gramEntropy(1 + 1 / 4, 1 / 2 + corner / 2, 1 / 4 + corner ** 2);
  };
  // P(u = y), by the phases: equal ones (weight `equal`), and each way of being unequal
  const same = 2 * ((equal / 3) * (1 + (1 + kappa) / 4) + (1 - equal) / 6);
  return (same * entropy(1) + (1 - same) * entropy(-1)) / Math.log2(9);
}

function quantities(options: PhaseLockedZ1rOptions = {}): readonly FamilyQuantity[] {
  phaseLockedZ1r(options);
  const { kappa = 0, alpha = 0 } = options;
  const equal = (1 + 2 * alpha) / 3;
  const other = (1 - alpha) / 3;
  const information = Math.log2(3) - shannonEntropy([equal, other, other]);
  const rate = (equal / 3) * (1 - binaryEntropy((1 + kappa) / 2));
  const both = kappa > 0 ? ["kappa", "alpha"] : ["kappa"];
  const unequal = (Math.sqrt(equal) - Math.sqrt(other)) ** 2 / 3;
  return [
    quantity(
      {
        name: "entropy rate",
        unit: "bits per token",
        value: 2 / 3 - rate,
        formula: "2/3 - \\omega_0 (1 - H_2((1+\\kappa)/2))/3",
      },
      ...both,
    ),
    quantity({ name: "entropy rate of each factor", unit: "bits per token", value: 1 / 3, formula: "1/3" }),
    quantity(
      {
        name: "token information rate",
        unit: "bits per token",
        value: rate,
        formula: "\\omega_0 (1 - H_2((1+\\kappa)/2))/3",
      },
      ...both,
    ),
    quantity(
      { name: "mutual information of the start", unit: "bits", value: information, formula: "\\log_2 3 - H(\\omega)" },
      "alpha",
    ),
    quantity(
      {
        name: "square-root entropy of the start",
        unit: "bits",
        value: shannonEntropy([Math.max(0, 1 - 2 * unequal), unequal, unequal]),
        formula: "H(1 - 2 r, r, r),\\ r = (\\sqrt{\\omega_0} - \\sqrt{\\omega_1})^2 / 3",
      },
      "alpha",
    ),
    quantity(
      {
        name: "excess entropy",
        unit: "bits",
        value: 2 * Math.log2(3) - information,
        formula: "2 \\log_2 3 - I",
      },
      "alpha",
    ),
    quantity(
      {
        name: "distance from factored",
        unit: "",
        value: distance(kappa, equal),
        formula: "\\sum_x P(x) S_{\\rm op}(T^x) / \\log_2 9",
      },
      ...both,
    ),
    quantity(
      { name: "operator-Schmidt rank", unit: "", value: kappa > 0 ? 2 : 1, formula: "1 + [\\kappa > 0]" },
      "kappa",
    ),
    quantity({ name: "commutant dimension", unit: "", value: 3, formula: "3" }),
  ];
}

/** The entry of {@link phaseLockedZ1r} in the list of families. */
export const phaseLockedZ1rDescription = familyDescription({
  name: "phaseLockedZ1r",
  symbol: "Z_9(\\kappa), Z(\\alpha)",
  summary: "Two Zero-One-Random factors whose phases advance together, so that their difference is conserved",
  operators: "T^{(u,y)}[(a,c)][(a+1,c+1)] = e_\\kappa(u,y \\mid a,c)",
  kind: "graph",
  parameters: [
    { name: "kappa", range: [0, 1], default: 0, example: 0.5, meaning: "coupling of the two random bits" },
    { name: "alpha", range: [0, 1], default: 0, example: 0.5, meaning: "correlation of the two phases at the start" },
  ],
  compares: ["kappa", "alpha"],
  matched: ["both factor processes (Zero-One-Random(1/2))", "blocks", "entropy rate along alpha at kappa 0"],
  varies: ["operators with kappa", "correlation of the start with alpha", "entropy rate with kappa"],
  use: "Shows that blocks are not factors: at kappa 0 and alpha 0 it is factored and has three blocks",
  create: phaseLockedZ1r,
  quantities,
});
