import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkInteger, checkLength } from "../../_internal/checks.ts";

/** Two different blocks, both with positive weight. */
export function readPair(
  source: string,
  blocks: readonly [number, number],
  weights: Float64Array,
): readonly [number, number] {
  checkLength(source, "blocks", blocks, 2);
  const [first, second] = blocks;
  for (const beta of blocks) {
    checkInteger(source, "block", beta, 0, weights.length - 1);
    if ((weights[beta] ?? 0) > 0) continue;
    throw new InvalidArgumentError({
      source,
      problem: `block ${beta} has weight ${weights[beta]} at the start`,
      remedy: "Ask for blocks with positive weight",
    });
  }
  if (first === second) {
    throw new InvalidArgumentError({
      source,
      problem: `both blocks are ${first}`,
      remedy: "Give two different blocks",
    });
  }
  return [first, second];
}
