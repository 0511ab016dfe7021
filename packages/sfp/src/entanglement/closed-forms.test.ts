import { describe, expect, test } from "vitest";
import { binaryEntropy } from "../_testing/words.ts";
import { staticLabels } from "../families/static-labels.ts";
import { diagonalState, pureDensity, squareRootState } from "./embeddings.ts";
import { linearEntropy, renyiEntropy, vonNeumannEntropy } from "./entropies.ts";
import { mutualInformation, quantumMutualInformation, relativeEntropyOfFactorization } from "./mutual-information.ts";
import { logNegativity, negativity } from "./negativity.ts";
import { partialTrace } from "./partial-trace.ts";
import { schmidt } from "./schmidt.ts";

const dimensions = [2, 2] as const;

// Two correlated static labels, theory notes 2.7: every measure has a closed form.
describe.each([0, 0.1, 0.5, 0.9, 1])("two static labels with correlation %f", (alpha) => {
  const belief = staticLabels({ alpha }).initial;
  const rho = pureDensity(squareRootState(belief, dimensions));
  const schmidtEntropy = binaryEntropy((1 + Math.sqrt(1 - alpha ** 2)) / 2);

  test("information 1 - H2((1 + alpha) / 2)", () => {
    const information = 1 - binaryEntropy((1 + alpha) / 2);
    expect(mutualInformation(belief, dimensions)).toBeCloseTo(information, 12);
    expect(relativeEntropyOfFactorization(belief, dimensions)).toBeCloseTo(information, 12);
    expect(quantumMutualInformation(diagonalState(belief), dimensions)).toBeCloseTo(information, 12);
    expect(mutualInformation(belief, dimensions, { unit: "nats" })).toBeCloseTo(information * Math.LN2, 12);
  });

  test("square-root entropy H2((1 + sqrt(1 - alpha^2)) / 2)", () => {
    expect(schmidt(belief, dimensions).entropy).toBeCloseTo(schmidtEntropy, 12);
    expect(vonNeumannEntropy(partialTrace(rho, dimensions, { keep: "first" }))).toBeCloseTo(schmidtEntropy, 12);
    expect(quantumMutualInformation(rho, dimensions)).toBeCloseTo(2 * schmidtEntropy, 12);
  });

  test("negativity alpha / 2 of the square-root state, none of the diagonal state", () => {
    expect(negativity(rho, dimensions)).toBeCloseTo(alpha / 2, 12);
    expect(logNegativity(rho, dimensions)).toBeCloseTo(Math.log2(1 + alpha), 12);
    expect(negativity(diagonalState(belief), dimensions)).toBeCloseTo(0, 12);
  });

  test("amplitude entropy H2(1 / (1 + alpha^2))", () => {
    const { entropy } = schmidt(belief, dimensions, { embedding: "amplitude" });
    expect(entropy).toBeCloseTo(binaryEntropy(1 / (1 + alpha ** 2)), 12);
  });

  test("purity 1 - alpha^2 / 2 of either factor's state", () => {
    const first = partialTrace(rho, dimensions, { keep: "first" });
    expect(linearEntropy(first)).toBeCloseTo(alpha ** 2 / 2, 12);
    expect(renyiEntropy(first, 2)).toBeCloseTo(-Math.log2(1 - alpha ** 2 / 2), 12);
  });
});
