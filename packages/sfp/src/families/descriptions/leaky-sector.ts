import { type LeakySectorOptions, leakySector } from "../leaky-sector.ts";
import { personaZ1rParameters } from "../persona-z1r.ts";
import { type FamilyQuantity, familyDescription, quantity } from "./description.ts";
import { personaZ1rParameterList } from "./persona-z1r.ts";

function quantities(options: LeakySectorOptions = { leak: Number.NaN }): readonly FamilyQuantity[] {
  leakySector(options);
  const { leak, ...rest } = options;
  const { random, marked } = personaZ1rParameters("leakySector", rest);
  const largest = Math.max(
    ...random.map((p, i) => {
      const mark = marked[i]?.[2] ?? 0;
      return Math.max(mark, 1 - mark) * Math.max(p, 1 - p);
    }),
  );
  return [
    quantity(
      {
        name: "largest entry between blocks",
        unit: "",
        value: (leak * largest) / random.length,
        formula: "(\\lambda/N) \\max_{i,u,y} q_i(u \\mid SR)\\, p_i(y)",
      },
      "leak",
    ),
    quantity(
      {
        name: "effect of the persona that is left after a visit to SR",
        unit: "",
        value: 1 - leak,
        formula: "1 - \\lambda",
      },
      "leak",
    ),
    quantity({ name: "mutual information of the start", unit: "bits", value: 0, formula: "0" }),
  ];
}

/** The entry of {@link leakySector} in the list of families. */
export const leakySectorDescription = familyDescription({
  name: "leakySector",
  symbol: "{\\rm Leaky}(\\lambda)",
  summary: "The persona over Zero-One-Random, whose label is redrawn with some probability at every step out of SR",
  operators:
    "T^{(u,y)}_\\lambda = T^{(u,y)} \\big((1-\\lambda) I + \\lambda\\, \\mathbf 1 \\mathbf 1^{\\!\\top}/N\\big)\\ \\text{out of } SR",
  kind: "leaky",
  parameters: [
    { name: "leak", range: [0, 1], example: 0.1, meaning: "probability that the persona is redrawn" },
    ...personaZ1rParameterList,
  ],
  compares: ["leak"],
  matched: ["laws of the personas", "capability register", "start"],
  varies: ["closedness of the blocks", "how long an intervention on the persona lasts"],
  use: "The control that is not persistent: the effect of setting the persona decays as $(1-\\lambda)^{\\text{visits to } SR}$",
  create: leakySector,
  quantities,
});
