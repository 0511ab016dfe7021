import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../../numeric/errors.ts";
import { checkList, TOLERANCE } from "../../process/validate.ts";

/** Checks that `count` weights are probabilities that sum to one. */
export function checkWeights(source: string, name: string, weights: ArrayLike<number>, count: number): void {
  checkList(source, name, weights);
  if (weights.length !== count || count === 0) {
    throw new ShapeError({
      source,
      problem: `${name} has ${weights.length} entries where there are ${count}`,
      remedy: "Give one probability each, and at least one",
    });
  }
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const weight = weights[k] ?? Number.NaN;
    if (!(weight >= 0 && weight <= 1 + TOLERANCE)) {
      throw new InvalidArgumentError({
        source,
        problem: `${name}[${k}] is ${weight}`,
        remedy: "Give probabilities from 0 to 1",
      });
    }
    sum += weight;
  }
  if (Math.abs(sum - 1) <= TOLERANCE) return;
  throw new NotNormalizedError({
    source,
    problem: `${name} sums to ${sum}`,
    remedy: "Divide the weights by their sum",
  });
}
