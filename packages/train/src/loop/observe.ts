import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkGiven } from "../io/_internal/check-given.ts";
import { type LoraAdapter, loraParameterNames } from "../model/lora-adapter.ts";
import type { WeightArray } from "../model/transformer.ts";
import type { ParameterEntry, ParameterLayout } from "../plan/parameter-layout.ts";

/** Values of parameters along the way: the trajectory that diagnostics of training read. */
export interface ObserveOptions {
  /** Step 0, the weights that training starts from, is observed, and every step that this divides. */
  readonly every: number;
  /** `adapters` by default (A and B of every adapter), or names of parameters, or a pattern that their names match. */
  readonly parameters?: "adapters" | readonly string[] | RegExp;
  /** Gets the steps done, copies of the values under TransformerLens' names and shapes and, in `trainReplicas`, the index of the replica. */
  readonly onObserve: (
    step: number,
    weights: ReadonlyMap<string, WeightArray>,
    replica: number,
  ) => void | Promise<void>;
}

/**
 * The part of a layout that is observed.
 *
 * @throws InvalidArgumentError if `every` is not a positive integer, a name is unknown, or nothing matches
 */
export function observedLayout(
  layout: ParameterLayout,
  adapters: readonly LoraAdapter[],
  { every, parameters = "adapters", onObserve }: ObserveOptions,
  source: string,
): ParameterLayout {
  const reject = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source, problem, remedy });
  };
  if (!(Number.isInteger(every) && every > 0)) reject(`observe.every is ${every}`, "Give a positive integer");
  checkGiven(source, { "observe.onObserve": onObserve }, "function");
  if (parameters !== "adapters" && !(parameters instanceof RegExp)) {
    checkList(source, "observe.parameters", parameters);
  }
  const names = [...layout.entries.keys()];
  const wanted =
    parameters === "adapters"
      ? adapters.map(loraParameterNames).flatMap(({ a, b }) => [a, b])
      : parameters instanceof RegExp
        ? names.filter((name) => name.search(parameters) >= 0)
        : parameters;
  if (wanted.length === 0) {
    const remedy = parameters === "adapters" ? "Add an adapter with addLora, or name parameters" : "Name at least one";
    reject(`observe.parameters is ${String(parameters)} and matches no parameter`, remedy);
  }
  const entries = new Map<string, ParameterEntry>();
  for (const name of wanted) {
    const entry = layout.entries.get(name);
    if (entry === undefined) reject(`the model has no parameter "${name}"`, `Use one of: ${names.join(", ")}`);
    else entries.set(name, entry);
  }
  return { length: layout.length, entries };
}
