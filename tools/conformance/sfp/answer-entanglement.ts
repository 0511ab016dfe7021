import {
  amplitudeState,
  ccnrCriterion,
  concurrence,
  covarianceState,
  diagonalState,
  ensembleState,
  entanglementOfFormation,
  linearEntropy,
  logNegativity,
  mutualInformation,
  negativity,
  pageEntropy,
  partialTrace,
  partialTranspose,
  pptCriterion,
  quantumMutualInformation,
  realignment,
  relativeEntropy,
  relativeEntropyOfFactorization,
  renyiEntropy,
  schmidt,
  sectorDecomposition,
  separability,
  squareRootState,
  vonNeumannEntropy,
} from "@semifactor/sfp";
import type { Input } from "../input.ts";
import type { JsonObject } from "../vector.ts";
import { densityOf, dimensionsOf, matrixOf, number, numbers, semiFactoredOf } from "./subject.ts";

function embedded(input: Input): JsonObject {
  const belief = input.numbers("belief");
  const embedding = input.text("embedding");
  if (embedding === "diagonal") return matrixOf(diagonalState(belief));
  const state = embedding === "sqrt" ? squareRootState : amplitudeState;
  return { state: numbers(state(belief, dimensionsOf(input))) };
}

function entropies(input: Input): JsonObject {
  const rho = densityOf(input);
  const unit = input.given("unit");
  const orders = input.has("orders") ? (input.raw.orders as readonly (number | string)[]) : [];
  return {
    vonNeumann: vonNeumannEntropy(rho, unit),
    linear: linearEntropy(rho),
    renyi: orders.map((order) => renyiEntropy(rho, Number(order), unit)),
  };
}

function criteria(input: Input): JsonObject {
  const [rho, dimensions] = [densityOf(input), dimensionsOf(input)];
  const [ppt, ccnr] = [pptCriterion(rho, dimensions), ccnrCriterion(rho, dimensions)];
  return { ppt: ppt.value, pptEntangled: ppt.entangled, ccnr: ccnr.value, ccnrEntangled: ccnr.entangled };
}

/** How the library answers D69 to D84. */
export const entanglementAnswers: Readonly<Record<string, (input: Input) => JsonObject>> = {
  D69: embedded,
  D70: (input) => {
    const weights = input.numbers("weights");
    if (input.has("states")) return matrixOf(ensembleState({ weights, states: input.matrix("states") }));
    return matrixOf(covarianceState(input.matrix("points"), dimensionsOf(input), { weights }));
  },
  D71: (input) => {
    const options = input.given("embedding", "unit");
    const { coefficients, rank, entropy } = schmidt(input.numbers("belief"), dimensionsOf(input), options);
    return { coefficients: numbers(coefficients), rank, entropy };
  },
  D72: (input) => {
    const keep = input.text("keep") as "first" | "second";
    return matrixOf(partialTrace(densityOf(input), dimensionsOf(input), { keep }));
  },
  D73: (input) => matrixOf(partialTranspose(densityOf(input), dimensionsOf(input), input.given("side"))),
  D74: (input) => {
    const dimensions = dimensionsOf(input);
    return matrixOf(realignment(densityOf(input), dimensions), dimensions[1] ** 2);
  },
  D75: entropies,
  D76: (input) => {
    const [rho, dimensions] = [densityOf(input), dimensionsOf(input)];
    const log = logNegativity(rho, dimensions, input.given("unit"));
    return { negativity: negativity(rho, dimensions), logNegativity: log };
  },
  D77: (input) => {
    const [belief, dimensions, unit] = [input.numbers("belief"), dimensionsOf(input), input.given("unit")];
    return {
      information: mutualInformation(belief, dimensions, unit),
      relativeEntropy: relativeEntropyOfFactorization(belief, dimensions, unit),
    };
  },
  D78: (input) => ({
    information: quantumMutualInformation(densityOf(input), dimensionsOf(input), input.given("unit")),
  }),
  D79: (input) => ({
    relativeEntropy: number(relativeEntropy(densityOf(input), densityOf(input, "reference"), input.given("unit"))),
  }),
  D80: (input) => {
    const rho = densityOf(input);
    return {
      concurrence: concurrence(rho),
      entanglementOfFormation: entanglementOfFormation(rho, input.given("unit")),
    };
  },
  D81: criteria,
  D82: (input) => {
    const { verdict, criterion } = separability(densityOf(input), dimensionsOf(input));
    return { verdict, criterion };
  },
  D83: (input) => ({ ...sectorDecomposition(semiFactoredOf(input), input.numbers("belief"), input.given("unit")) }),
  D84: (input) => {
    const [dA, dC] = dimensionsOf(input);
    return { entropy: pageEntropy(dA, dC, input.given("unit")) };
  },
};
