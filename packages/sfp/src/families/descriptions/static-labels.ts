import { shannonEntropy } from "@semifactor/ghmm";
import { type StaticLabelsOptions, staticLabels } from "../static-labels.ts";
import { binaryEntropy, squaredMultiplicities } from "./_internal/closed-forms.ts";
import { type FamilyQuantity, familyDescription, quantity } from "./description.ts";

const mean = (list: readonly number[]) => list.reduce((sum, p) => sum + binaryEntropy(p), 0) / list.length;

/**
 * Measures of the start for N labels on both sides. `omega` and its square root have one eigenvector of equal entries and N - 1 others
 * with one eigenvalue, so all Schmidt coefficients but one are the same.
 */
function equalSides(n: number, alpha: number): readonly FamilyQuantity[] {
  const other = (1 - alpha) / n ** 2;
  const same = other + alpha / n;
  const single = Math.sqrt(same) + (n - 1) * Math.sqrt(other);
  const repeated = Math.sqrt(same) - Math.sqrt(other);
  const spectrum = (first: number, rest: number) => [first, ...new Array<number>(n - 1).fill(rest)];
  const amplitude = 1 / (1 + (n - 1) * alpha ** 2);
  return [
    quantity(
      {
        name: "square-root entropy of the start",
        unit: "bits",
        value: shannonEntropy(spectrum(single ** 2, repeated ** 2)),
        formula: "H_2((1 + \\sqrt{1 - \\alpha^2})/2)",
      },
      "alpha",
    ),
    quantity(
      {
        name: "amplitude entropy of the start",
        unit: "bits",
        value: shannonEntropy(spectrum(amplitude, alpha ** 2 * amplitude)),
        formula: "H_2(1/(1 + \\alpha^2))",
      },
      "alpha",
    ),
    quantity(
      {
        name: "negativity of the start",
        unit: "",
        value: ((single + (n - 1) * repeated) ** 2 - 1) / 2,
        formula: "\\alpha/2",
      },
      "alpha",
    ),
  ];
}

function quantities(options: StaticLabelsOptions = {}): readonly FamilyQuantity[] {
  const { initial } = staticLabels(options);
  const { alpha = 0, first = [0.1, 0.9], second = [0.25, 0.75] } = options;
  const [n, m] = [first.length, second.length];
  const information = Math.max(0, Math.log2(n) + Math.log2(m) - shannonEntropy(initial));
  return [
    quantity(
      {
        name: "mutual information of the start",
        unit: "bits",
        value: information,
        formula: "1 - H_2((1+\\alpha)/2)",
      },
      "alpha",
    ),
    ...(n === m ? equalSides(n, alpha) : []),
    quantity({
      name: "entropy rate",
      unit: "bits per token",
      value: mean(first) + mean(second),
      formula: "\\overline{H_2(a_i)} + \\overline{H_2(c_j)}",
    }),
    quantity({ name: "distance from factored", unit: "", value: 0, formula: "0" }),
    quantity({
      name: "commutant dimension",
      unit: "",
      value: squaredMultiplicities(first.map(String)) * squaredMultiplicities(second.map(String)),
      formula: "N M",
    }),
  ];
}

/** The entry of {@link staticLabels} in the list of families. */
export const staticLabelsDescription = familyDescription({
  name: "staticLabels",
  symbol: "F_1{\\rm cell}(\\alpha)",
  summary: "Two static labels, correlated at the start, each emitting its own bit",
  operators: "T^{(u,y)} = {\\rm diag}_i A_i^u \\otimes {\\rm diag}_j C_j^y",
  kind: "cell",
  parameters: [
    { name: "alpha", range: [0, 1], default: 0, example: 0.5, meaning: "correlation of the two labels" },
    { name: "first", range: [0, 1], example: [0.1, 0.9], meaning: "P(u = 1 | i) of each alignment label" },
    { name: "second", range: [0, 1], example: [0.25, 0.75], meaning: "P(y = 1 | j) of each capability label" },
  ],
  compares: ["alpha"],
  matched: ["operators (all tensor products)", "both factor processes", "entropy rate"],
  varies: ["correlation of the start, in every measure"],
  use: "Tests every measure of two factors: all of them have closed forms here",
  create: staticLabels,
  quantities,
});
