import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { oracleBatch, oracleCases, relativeError } from "./_testing/cases.ts";
import { engineGradient } from "./_testing/engine-gradient.ts";
import { jaxGradient } from "./_testing/jax-js-gradient.ts";

describe("loss and gradients are those of jax-js", () => {
  test.each(oracleCases)("$name", async ({ model, trainable }) => {
    const own = engineGradient(createReferenceEngine(), model, oracleBatch, trainable);
    const other = await jaxGradient(model, oracleBatch);
    expect(other.loss / own.loss).toBeCloseTo(1, 5);
    // float32 against float64: rounding reaches 1.6e-5, a wrong term would be of the order of 1.
    expect(relativeError(own.gradients, other.gradients)).toBeLessThan(5e-5);
  });
});
