import { type ContextPersonasOptions, contextPersonas } from "../context-personas.ts";
import {
  alignmentParticipationRatio,
  alignmentTotalCorrelation,
  contextEntropyRate,
  contextTokenEntropy,
  generalizationCoefficient,
} from "../context-personas-closed-forms.ts";
import { type FamilyQuantity, familyDescription, quantity } from "./description.ts";

function quantities(options: ContextPersonasOptions = {}): readonly FamilyQuantity[] {
  const process = contextPersonas(options);
  const generalization = generalizationCoefficient(process);
  return [
    quantity({
      name: "entropy of the first token",
      unit: "bits",
      value: contextTokenEntropy(process),
      formula: "1 + \\log_2 K",
    }),
    quantity({
      name: "entropy rate",
      unit: "bits per token",
      value: contextEntropyRate(process),
      formula: "\\log_2 K + H_2(\\epsilon)",
    }),
    quantity({ name: "distance from factored", unit: "", value: 0, formula: "0" }),
    quantity({ name: "generalization coefficient", unit: "", value: generalization, formula: "1 - \\alpha" }, "alpha"),
    quantity(
      {
        name: "share of contexts with G > 1/2",
        unit: "",
        // where tokens say nothing the context that they come from is not shifted either
        value: generalization > 1 / 2 ? 1 : process.epsilon < 1 / 2 ? 1 / process.contexts : 0,
        formula: "1 \\text{ for } \\alpha < 1/2,\\text{ else } 1/K",
      },
      "alpha",
    ),
    quantity(
      {
        name: "total correlation of the bits",
        unit: "bits",
        value: alignmentTotalCorrelation(process),
        formula: "K - H(\\rho_\\alpha)",
      },
      "alpha",
    ),
    quantity(
      {
        name: "participation ratio, narrow evidence",
        unit: "",
        value: alignmentParticipationRatio(process),
        formula: "(c^2 + (K-1)\\alpha^2)^2/(c^4 + (K-1)\\alpha^4),\\ c = \\alpha + K(1-\\alpha)",
      },
      "alpha",
    ),
    quantity(
      {
        name: "participation ratio, full evidence",
        unit: "",
        value: alignmentParticipationRatio(process, { evidence: "full" }),
        formula: "K^2/(c^2 + (K-1)\\alpha^2)",
      },
      "alpha",
    ),
  ];
}

/** The entry of {@link contextPersonas} in the list of families. */
export const contextPersonasDescription = familyDescription({
  name: "contextPersonas",
  symbol: "C_K(\\alpha)",
  summary: "K contexts, each with a static alignment bit, from one bit that all share to a bit for each",
  operators: "T^{(k,u)} = {\\rm diag}_i(P(u \\mid i_k)) \\otimes C^k",
  kind: "sector",
  parameters: [
    { name: "contexts", range: [1, 64], integer: true, default: 12, example: 4, meaning: "number K of contexts" },
    { name: "alpha", range: [0, 1], default: 0, example: 0.25, meaning: "weight of independent bits in the prior" },
    {
      name: "epsilon",
      range: [0, 0.5],
      default: 0.1,
      example: 0.1,
      meaning: "probability that a bit is written wrongly",
    },
    {
      name: "chain",
      range: [0, 1],
      example: [
        [0.5, 0.5],
        [1, 0],
      ],
      meaning: "law of the next context by the present one",
    },
    { name: "initialContext", range: [0, 1], example: [0.5, 0.5], meaning: "law of the first context" },
  ],
  compares: ["alpha"],
  matched: ["operators (all tensor products)", "law of one context", "token entropy", "entropy rate"],
  varies: ["coherence of the alignment bits: generalization, total correlation, participation ratio"],
  use: "Varies the coherence of alignment across contexts (axis 2) and nothing that a measure of alignment against capability sees",
  create: contextPersonas,
  quantities,
});
