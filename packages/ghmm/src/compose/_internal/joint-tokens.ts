import { InvalidArgumentError, ShapeError } from "../../numeric/errors.ts";
import type { Process } from "../../process/process.ts";
import { checkList } from "../../process/validate.ts";

/** How many tokens each factor has: as given, or as the factors of the process say. */
export function readSizes(source: string, process: Process, sizes: readonly number[] | undefined): readonly number[] {
  const stored = process.storage?.kind === "kronecker" ? process.storage.factors : undefined;
  const known = sizes ?? stored?.map(({ alphabet }) => alphabet.length);
  if (known === undefined) {
    throw new InvalidArgumentError({
      source,
      problem: "the process does not say how its tokens are made of those of factors",
      remedy: "Pass sizes: how many tokens each factor has, the slowest first",
    });
  }
  checkList(source, "sizes", known);
  const joint = Array.from(known).reduce((product, size) => product * size, 1);
  if (Array.from(known).some((size) => !Number.isInteger(size) || size < 1) || joint !== process.alphabet.length) {
    throw new ShapeError({
      source,
      problem: `sizes is [${known.join(", ")}] for ${process.alphabet.length} tokens`,
      remedy: "Give positive integers whose product is the number of tokens",
    });
  }
  return known;
}

/** Checks indices of factors, each at most once, and neither none nor all of them. */
export function readFactors(
  source: string,
  name: string,
  chosen: readonly number[],
  count: number,
): ReadonlySet<number> {
  checkList(source, name, chosen);
  const given = Array.from(chosen);
  const set = new Set(given);
  const valid = given.every((n) => Number.isInteger(n) && n >= 0 && n < count);
  if (valid && set.size === chosen.length && set.size > 0 && set.size < count) return set;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is [${chosen.join(", ")}]`,
    remedy: `Give some but not all of the factors 0 to ${count - 1}, each once`,
  });
}

/** For every joint token the joint token (big-endian) of the factors that `keep` selects. */
export function projectTokens(sizes: readonly number[], keep: (factor: number) => boolean): Uint32Array {
  const joint = sizes.reduce((product, size) => product * size, 1);
  return Uint32Array.from({ length: joint }, (_, token) => {
    let [rest, image, place] = [token, 0, 1];
    for (let n = sizes.length - 1; n >= 0; n--) {
      const size = sizes[n] ?? 1;
      if (keep(n)) {
        image += (rest % size) * place;
        place *= size;
      }
      rest = Math.floor(rest / size);
    }
    return image;
  });
}
