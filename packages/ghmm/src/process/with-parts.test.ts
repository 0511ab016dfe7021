import { describe, expect, it } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { tensorProduct } from "../compose/tensor-product.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { OwnProcess } from "./_testing/own-process.ts";
import { withParts } from "./with-parts.ts";

describe("withParts", () => {
  it("replaces what is given and keeps the rest, also of an instance of a class", () => {
    const process = goldenMean({ p: 0.5 });
    for (const given of [process, new OwnProcess(process)]) {
      const started = withParts(given, { initial: Float64Array.of(0, 1) });
      expect(wordProbability(started, [0, 1])).toBe(0.5);
      expect(wordProbability(started, [1])).toBe(0);
      expect(started.operator(1)).toEqual(process.operator(1));
      expect(started.alphabet).toBe(process.alphabet);
      expect(wordProbability(withParts(given, {}), [0, 1])).toBe(wordProbability(process, [0, 1]));
    }
  });

  it("keeps the storage where there is one", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const product = tensorProduct(factor, factor, factor);
    expect(withParts(product, {}).storage).toBe(product.storage);
    expect("storage" in withParts(new OwnProcess(factor), {})).toBe(false);
  });
});
