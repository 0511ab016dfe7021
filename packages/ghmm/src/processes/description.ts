import type { Process } from "../process/process.ts";
import type { ProcessParameter } from "./parameter.ts";

/**
 * A named process as data: what a menu, a table or a sweep over processes needs.
 *
 * @example
 * ```ts
 * import { type ProcessDescription, processes } from "@semifactor/ghmm";
 *
 * const start = ({ parameters, create }: ProcessDescription) =>
 *   create(Object.fromEntries(parameters.map(({ name, example }) => [name, example])));
 * expect(processes.list().map(start).every(({ stateDim }) => stateDim > 0)).toBe(true);
 * ```
 */
export interface ProcessDescription {
  /** Its name in `processes`. */
  readonly name: string;
  /** What it is, in one sentence. */
  readonly summary: string;
  /** Its parameters, in the order in which they are checked. */
  readonly parameters: readonly ProcessParameter[];
  /** What the parameters must satisfy together, beside their ranges. */
  readonly condition?: string;
  /** Names of the tokens. */
  readonly alphabet: readonly string[];
  /** Names of the coordinates of a state, in order; left out where their number depends on the parameters. */
  readonly states?: readonly string[];
  /** The function itself, `processes[name]`. */
  create(parameters: Readonly<Record<string, number | readonly number[]>>): Process;
}

/** A description that cannot be changed. */
export function description(fields: ProcessDescription): ProcessDescription {
  for (const parameter of fields.parameters) {
    Object.freeze(parameter.range);
    Object.freeze(parameter.openEnds);
    Object.freeze(parameter.example);
    Object.freeze(parameter);
  }
  for (const list of [fields.parameters, fields.alphabet, fields.states]) Object.freeze(list);
  return Object.freeze(fields);
}
