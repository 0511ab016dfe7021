import { InvalidArgumentError } from "../numeric/errors.ts";

/**
 * One parameter of a named process: the values it takes and what it means.
 *
 * @example
 * ```ts
 * import { type ProcessParameter, processes } from "@semifactor/ghmm";
 *
 * const parameters = processes.list().find(({ name }) => name === "coin")?.parameters;
 * const expected: readonly ProcessParameter[] = [
 *   { name: "p", range: [0, 1], example: 0.7, meaning: "probability of token 0" },
 * ];
 * expect(parameters).toEqual(expected);
 * ```
 */
export interface ProcessParameter {
  /** Its name in the options object. */
  readonly name: string;
  /** Smallest and largest value; of every entry, if the parameter is a list. */
  readonly range: readonly [min: number, max: number];
  /** Which ends of the range are themselves excluded; none when left out. */
  readonly openEnds?: readonly [min: boolean, max: boolean];
  /** The value taken when the parameter is left out; without one it must be given. */
  readonly default?: number;
  /** A value to start from; a list if the parameter is one. */
  readonly example: number | readonly number[];
  /** What it means, in words. */
  readonly meaning: string;
}

/** The range in words, as it stands in error messages: `from 0 to 1`. */
export function describeRange({ range: [low, high], openEnds }: Pick<ProcessParameter, "range" | "openEnds">): string {
  const [openLow, openHigh] = openEnds ?? [false, false];
  if (!openLow && !openHigh) return `from ${low} to ${high}`;
  return `${openLow ? "above" : "at least"} ${low} and ${openHigh ? "below" : "at most"} ${high}`;
}

/** Throws unless `value` lies in the range of `parameter`; the message names the parameter and its range. */
export function checkParameter(
  source: string,
  parameter: Pick<ProcessParameter, "name" | "range" | "openEnds">,
  value: number | undefined,
  name = parameter.name,
): void {
  const [low, high] = parameter.range;
  const [openLow, openHigh] = parameter.openEnds ?? [false, false];
  if (
    typeof value === "number" &&
    (openLow ? value > low : value >= low) &&
    (openHigh ? value < high : value <= high)
  ) {
    return;
  }
  throw new InvalidArgumentError({
    source,
    problem: `${name} is ${value}`,
    remedy: `Give ${name} ${describeRange(parameter)}`,
  });
}

/** Checks each parameter of a process, in order. */
export function checkParameters(
  source: string,
  parameters: readonly ProcessParameter[],
  values: Readonly<Record<string, number>>,
): void {
  for (const parameter of parameters) checkParameter(source, parameter, values[parameter.name]);
}
