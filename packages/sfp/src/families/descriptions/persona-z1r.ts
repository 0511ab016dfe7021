import { type PersonaZ1rOptions, type PersonaZ1rParameters, personaZ1r, personaZ1rParameters } from "../persona-z1r.ts";
import { binaryEntropy, gramEntropy, mergedEntropy, squaredMultiplicities } from "./_internal/closed-forms.ts";
import { type FamilyParameter, type FamilyQuantity, familyDescription, quantity } from "./description.ts";

/** Emission probabilities `P(u, y | persona, phase)`, the non-zero entries of the persona's share of `T^(u,y)` by phase. */
function emissions({ random, marked }: PersonaZ1rParameters, i: number, token: number): readonly number[] {
  const [u, y] = [token >> 1, token & 1];
  return [0, 1, 2].map((s) => {
    const mark = marked[i]?.[s] ?? 0;
    const bit = s < 2 ? s : (random[i] ?? 0);
    return (u === 1 ? mark : 1 - mark) * (y === 1 ? bit : 1 - bit);
  });
}

const total = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0);
const dot = (a: readonly number[], c: readonly number[]) => a.reduce((sum, value, s) => sum + value * (c[s] ?? 0), 0);

function quantities(options: PersonaZ1rOptions = {}): readonly FamilyQuantity[] {
  const parameters = personaZ1rParameters("personaZ1r", options);
  const { random, marked, weights } = parameters;
  const rates = weights.map((_, i) => {
    const marks = (marked[i] ?? []).reduce((sum, q) => sum + binaryEntropy(q), 0);
    return (marks + binaryEntropy(random[i] ?? 0)) / 3;
  });
  const laws = weights.map((_, i) => [random[i], ...(marked[i] ?? [])].join());
  const made = [
    ...rates.map((value, i) =>
      quantity(
        {
          name: `entropy rate of persona ${i}`,
          unit: "bits per token",
          value,
          formula: "(\\sum_s H_2(q_i(1 \\mid s)) + H_2(p_i))/3",
        },
        "variant",
      ),
    ),
    quantity(
      {
        name: "entropy rate",
        unit: "bits per token",
        value: rates.reduce((sum, rate, i) => sum + rate * (weights[i] ?? 0), 0),
        formula: "\\sum_i \\omega_i h_i",
      },
      "variant",
    ),
    quantity({
      name: "entropy of the persona",
      unit: "bits",
      value: mergedEntropy(laws, weights),
      formula: "H(\\omega)",
    }),
    quantity({
      name: "excess entropy",
      unit: "bits",
      value: mergedEntropy(laws, weights) + Math.log2(3),
      formula: "H(\\omega) + \\log_2 3",
    }),
    quantity({ name: "mutual information of the start", unit: "bits", value: 0, formula: "0" }),
    quantity({ name: "commutant dimension", unit: "", value: squaredMultiplicities(laws), formula: "N" }),
  ];
  if (weights.length !== 2) return made;
  // two sectors of one state: the Gram matrix of the personas' shares of each operator, of size 2 x 2 (T31)
  const tokens = [0, 1, 2, 3].map((token) => {
    const [a, c] = [emissions(parameters, 0, token), emissions(parameters, 1, token)];
    const [first = 0, second = 0] = weights;
    return {
      token,
      entropy: gramEntropy(dot(a, a), dot(a, c), dot(c, c)),
      probability: (first * total(a) + second * total(c)) / 3,
    };
  });
  const distance = tokens.reduce((sum, { entropy, probability }) => sum + (entropy * probability) / 2, 0);
  return [
    ...made,
    ...tokens.map(({ token, entropy }) =>
      quantity(
        {
          name: `operator-Schmidt entropy of ${token >> 1},${token & 1}`,
          unit: "bits",
          value: entropy,
          formula: "S_{\\rm op}(T^{(u,y)})",
        },
        "variant",
      ),
    ),
    quantity(
      {
        name: "distance from factored",
        unit: "",
        value: distance,
        formula: "\\sum_x P(x) S_{\\rm op}(T^x) / 2",
      },
      "variant",
    ),
  ];
}

/** The parameters of {@link personaZ1r}, which leakySector takes too. */
export const personaZ1rParameterList: readonly FamilyParameter[] = [
  {
    name: "variant",
    choices: ["factored", "semi", "semi-s"],
    default: "semi",
    example: "semi",
    meaning: "parameters where the lists below are left out",
  },
  { name: "personas", range: [2, 64], integer: true, default: 2, example: 3, meaning: "number N of personas" },
  { name: "random", range: [0, 1], example: [0.2, 0.8], meaning: "P(y = 1 | SR) of each persona" },
  {
    name: "marked",
    range: [0, 1],
    example: [
      [0.25, 0.25, 0.25],
      [0.75, 0.75, 0.75],
    ],
    meaning: "P(u = 1 | phase) of each persona",
  },
  { name: "weights", range: [0, 1], example: [0.5, 0.5], meaning: "initial weights of the personas" },
];

/** The entry of {@link personaZ1r} in the list of families. */
export const personaZ1rDescription = familyDescription({
  name: "personaZ1r",
  symbol: "P_6(p, q)",
  summary: "A static persona over a Zero-One-Random capability register",
  operators: "T^{(u,y)} = \\sum_i E_{ii} \\otimes {\\rm diag}_s(q_i(u \\mid s))\\, Z_{p_i}^{(y)}",
  kind: "sector",
  parameters: personaZ1rParameterList,
  compares: ["variant"],
  matched: [
    "entropy rate of every block, factored and semi",
    "law of the marked bit",
    "beliefs after the phase is known: products",
  ],
  varies: ["operator-Schmidt rank and entropies", "token information", "entropy rate of semi-s"],
  use: "Shows that correlation in beliefs cannot tell semi-factored from factored once the capability register is known; operators can",
  create: personaZ1r,
  quantities,
});
