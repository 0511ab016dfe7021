import { InvalidArgumentError } from "@semifactor/ghmm";
import type { Transformer } from "../transformer.ts";

/**
 * Throws unless a caller without types gave a model.
 *
 * @throws InvalidArgumentError
 */
export function checkModel(source: string, model: Transformer): void {
  const given: unknown = model;
  if (typeof given === "object" && given !== null && "config" in given && "weights" in given && "adapters" in given) {
    if (given.weights instanceof Map) return;
  }
  throw new InvalidArgumentError({
    source,
    problem: given instanceof Promise ? "model is a promise" : "model is no model",
    remedy: given instanceof Promise ? "Await it first" : "Give what createTransformer makes",
  });
}
