import { InvalidArgumentError, ShapeError } from "../../numeric/errors.ts";
import type { Process } from "../../process/process.ts";
import { checkList, checkProcess, TOLERANCE } from "../../process/validate.ts";

/** Throws unless there are variants, with the same number of states, the same alphabet and the same normalizer. */
export function checkVariants(source: string, name: string, variants: readonly Process[]): Process {
  checkList(source, name, variants);
  Array.from(variants, (variant, k) => checkProcess(source, `${name}[${k}]`, variant));
  const [first] = variants;
  if (first === undefined) {
    throw new ShapeError({ source, problem: `${name} is empty`, remedy: "Give at least one process" });
  }
  variants.forEach((variant, k) => {
    const differs = (what: string, one: unknown, other: unknown) =>
      new InvalidArgumentError({
        source,
        problem: `${name}[${k}] has ${what} ${one} and ${name}[0] has ${other}`,
        remedy: "Give variants of one process: the same states, tokens and normalizer",
      });
    if (variant.stateDim !== first.stateDim) throw differs("stateDim", variant.stateDim, first.stateDim);
    const same = variant.alphabet.length === first.alphabet.length;
    if (!same || variant.alphabet.some((name, x) => name !== first.alphabet[x])) {
      throw differs("alphabet", JSON.stringify(variant.alphabet), JSON.stringify(first.alphabet));
    }
    const largest = first.normalizer.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    if (variant.normalizer.some((value, s) => !(Math.abs(value - (first.normalizer[s] ?? 0)) <= TOLERANCE * largest))) {
      throw differs("normalizer", variant.normalizer.join(", "), first.normalizer.join(", "));
    }
  });
  return first;
}

/** Checks a choice of variants, one index for each of `count` tokens. */
export function checkChoice(
  source: string,
  name: string,
  choice: ArrayLike<number>,
  { count, variants }: { readonly count: number; readonly variants: number },
): void {
  checkList(source, name, choice);
  if (choice.length !== count) {
    throw new ShapeError({
      source,
      problem: `${name} has ${choice.length} entries for ${count} tokens`,
      remedy: "Give the index of a variant for every token",
    });
  }
  for (let token = 0; token < count; token++) {
    const index = choice[token] ?? Number.NaN;
    if (Number.isInteger(index) && index >= 0 && index < variants) continue;
    throw new InvalidArgumentError({
      source,
      problem: `${name}[${token}] is ${index}`,
      remedy: `Give indices of variants from 0 to ${variants - 1}`,
    });
  }
}

/** Names of joint tokens, joined with a comma, the first factor slowest. */
export function jointNames(factors: readonly Process[]): readonly string[] {
  return factors
    .map(({ alphabet }) => alphabet)
    .reduce((joined, alphabet) => joined.flatMap((u) => alphabet.map((y) => `${u},${y}`)));
}
