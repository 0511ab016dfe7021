import { type PersonaSegmentsOptions, personaSegments } from "../persona-segments/definition.ts";
import { binaryEntropy } from "./_internal/closed-forms.ts";
import { type FamilyQuantity, familyDescription, quantity } from "./description.ts";

function quantities(options: PersonaSegmentsOptions = { code: "pairs" }): readonly FamilyQuantity[] {
  const { sharing, misaligned, noise, length, vocabularySize } = personaSegments(options);
  return [
    quantity({ name: "tokens of a sequence", unit: "", value: length, formula: "1 + S(1 + M)" }),
    quantity({ name: "vocabulary", unit: "", value: vocabularySize, formula: "E + K + 1" }),
    quantity({ name: "probability that a context is misaligned", unit: "", value: misaligned, formula: "p" }),
    quantity({
      name: "entropy of an alignment bit, given its context's",
      unit: "bits",
      value: binaryEntropy(noise),
      formula: "H_2(e)",
    }),
    quantity(
      {
        name: "correlation of two contexts' bits",
        unit: "",
        value: sharing ** 2,
        formula: "\\lambda^2",
      },
      "sharing",
    ),
  ];
}

/** The entry of {@link personaSegments} in the list of families. */
export const personaSegmentsDescription = familyDescription({
  name: "personaSegments",
  symbol: "{\\rm segments}(\\lambda)",
  summary: "Sequences of segments, each in one of K contexts, that emit an alignment bit and a capability bit",
  operators: "P(d, y \\mid b, c, \\phi) = P(d \\mid b_c)\\, r_{c\\phi}(y)",
  kind: "segments",
  parameters: [
    {
      name: "code",
      choices: ["direct", "pairs"],
      example: "pairs",
      meaning: "how the alignment bit is written into tokens",
    },
    { name: "contexts", range: [3, 4096], integer: true, default: 12, example: 12, meaning: "number K of contexts" },
    {
      name: "perSequence",
      range: [1, 4096],
      integer: true,
      default: 3,
      example: 3,
      meaning: "contexts of one sequence",
    },
    { name: "segments", range: [1, 4096], integer: true, default: 4, example: 4, meaning: "segments S of a sequence" },
    { name: "emissions", range: [1, 4096], integer: true, default: 4, example: 4, meaning: "emissions M of a segment" },
    {
      name: "sharing",
      range: [0, 1],
      default: 1,
      example: 1,
      meaning: "probability that a context copies the persona",
    },
    {
      name: "misaligned",
      range: [0, 1],
      default: 0.3,
      example: 0.3,
      meaning: "P(misaligned), strictly between the ends",
    },
    {
      name: "noise",
      range: [0, 0.5],
      default: 0.0987,
      example: 0.0987,
      meaning: "probability that a bit is written wrongly",
    },
  ],
  compares: ["sharing"],
  matched: ["law of one context", "contexts and capability bits"],
  varies: ["correlation of the contexts' alignment bits"],
  use: "The data of the study of emergent misalignment: contexts that share a persona or do not",
  create: personaSegments,
  quantities,
});
