import { mess3, shannonEntropy } from "@semifactor/ghmm";
import { BEND, type PersonaMess3Options, personaMess3, personaMess3Parameters } from "../persona-mess3.ts";
import { gramEntropy, squaredMultiplicities } from "./_internal/closed-forms.ts";
import { type FamilyQuantity, familyDescription, quantity } from "./description.ts";

/** At x = 0 no state is left, and at a = 1/3 the token y says nothing: there personas fall apart into smaller blocks. */
const ALMOST = 1e-9;

function quantities(options: PersonaMess3Options = {}): readonly FamilyQuantity[] {
  const { theta, delta, x, a, marks, weights } = personaMess3Parameters(options);
  const follows = BEND.map((bend) => 1 - theta + theta * bend);
  const mean = marks.reduce((sum, mark, i) => sum + mark * (weights[i] ?? 0), 0);
  const capability = mess3({ x, a });
  const rows = [0, 1, 2].map((y) => {
    const operator = capability.operator(y);
    return [0, 1, 2].map((s) => Array.from(operator.subarray(3 * s, 3 * s + 3)));
  });
  const marked = (u: number, mark: number, s: number) =>
    1 / 2 + (u === 1 ? 1 : -1) * (delta / 2) * mark * (follows[s] ?? 0);
  const tokens = [0, 1].flatMap((u) =>
    rows.map((operator) => {
      const sums = operator.map((row) => row.reduce((sum, value) => sum + value, 0));
      const squares = operator.map((row) => row.reduce((sum, value) => sum + value ** 2, 0));
      const gram = (m: number, n: number) =>
        squares.reduce((sum, square, s) => sum + square * marked(u, m, s) * marked(u, n, s), 0);
      const probability = sums.reduce((sum, value, s) => sum + (value * marked(u, mean, s)) / 3, 0);
      const [first = 0, second = 0] = marks;
      return { probability, entropy: gramEntropy(gram(first, first), gram(first, second), gram(second, second)) };
    }),
  );
  const unbalanced = mean === 0 || delta === 0 ? [] : ["theta"];
  const made = [
    quantity(
      {
        name: "probability of u = 1",
        unit: "",
        value: 1 / 2 + (delta / 2) * mean * (1 - theta),
        formula: "1/2 + (\\delta/2)(1-\\theta) \\sum_i \\omega_i m_i",
      },
      ...unbalanced,
    ),
    quantity(
      {
        name: "entropy of the first token",
        unit: "bits",
        value: shannonEntropy(tokens.map(({ probability }) => probability)),
        formula: "\\log_2 6",
      },
      ...unbalanced,
    ),
    quantity({ name: "mean of G", unit: "", value: 1 - theta, formula: "1 - \\theta" }, "theta"),
    quantity(
      {
        name: "share of capability states with G > 1/2",
        unit: "",
        value: follows.filter((g) => g > 1 / 2).length / 3,
        formula: "\\#\\{s : G_s > 1/2\\}/3",
      },
      "theta",
    ),
    quantity({ name: "mutual information of the start", unit: "bits", value: 0, formula: "0" }),
    ...(x > ALMOST && Math.abs(a - 1 / 3) > ALMOST
      ? [
          quantity({
            name: "commutant dimension",
            unit: "",
            value: squaredMultiplicities(marks.map((mark) => String(delta * mark))),
            formula: "N",
          }),
        ]
      : []),
  ];
  if (marks.length !== 2) return made;
  const distance = tokens.reduce((sum, { probability, entropy }) => sum + (probability * entropy) / 2, 0);
  return [
    ...made,
    quantity(
      {
        name: "distance from factored",
        unit: "",
        value: distance,
        formula: "\\sum_x P(x) S_{\\rm op}(T^x) / 2",
      },
      "theta",
    ),
  ];
}

/** The entry of {@link personaMess3} in the list of families. */
export const personaMess3Description = familyDescription({
  name: "personaMess3",
  symbol: "PM(\\theta)",
  summary: "A static persona over a Mess3 capability register, which never becomes known",
  operators: "T^{(u,y)} = \\sum_i E_{ii} \\otimes {\\rm diag}_s(P(u \\mid i, s))\\, {\\rm Mess3}^y",
  kind: "sector",
  parameters: [
    {
      name: "theta",
      range: [0, 1],
      default: 0,
      example: 0.5,
      meaning: "how much the mark depends on the capability state",
    },
    { name: "delta", range: [0, 1], default: 0.5, example: 0.5, meaning: "size of the largest mark" },
    { name: "personas", range: [2, 64], integer: true, default: 2, example: 3, meaning: "number N of personas" },
    { name: "marks", range: [-1, 1], example: [-1, 1], meaning: "direction and share of each persona's mark" },
    { name: "weights", range: [0, 1], example: [0.5, 0.5], meaning: "initial weights of the personas" },
    { name: "x", range: [0, 0.5], default: 0.15, example: 0.15, meaning: "Mess3's transition parameter" },
    { name: "a", range: [0, 1], default: 0.6, example: 0.6, meaning: "Mess3's emission parameter" },
  ],
  compares: ["theta"],
  matched: ["P(u = 1) = 1/2", "law of y (Mess3)", "entropy rates of the two personas, to each other"],
  varies: ["operator-Schmidt rank and entropies", "correlation in beliefs", "entropy rate"],
  use: "Varies the coupling of alignment and capability (axis 1) where beliefs stay correlated for long",
  create: personaMess3,
  quantities,
});
