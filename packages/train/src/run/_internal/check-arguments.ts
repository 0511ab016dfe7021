import { InvalidArgumentError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import type { Engine } from "../../engines/engine.ts";
import { checkModel } from "../../model/_internal/check-model.ts";
import type { Transformer } from "../../model/transformer.ts";

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * Throws unless a caller without types gave a model, options with an engine, and lists where lists are wanted, or nothing where they are optional.
 *
 * @throws InvalidArgumentError, ShapeError that name what is missing
 */
export function checkArguments<Options extends { readonly engine: Engine }>(
  source: string,
  model: Transformer,
  options: Options,
  lists: readonly (keyof Options & string)[],
  optional: readonly (keyof Options & string)[] = [],
): void {
  checkModel(source, model);
  const given: unknown = options;
  if (!isObject(given)) {
    throw new InvalidArgumentError({ source, problem: `options is ${String(given)}`, remedy: "Give an object" });
  }
  const engine: unknown = options.engine;
  if (!(isObject(engine) && "execute" in engine)) {
    const promise = engine instanceof Promise;
    throw new InvalidArgumentError({
      source,
      problem: promise ? "engine is a promise" : `engine is ${isObject(engine) ? "no engine" : String(engine)}`,
      remedy: promise ? "Await it first" : "Give what createEngine makes",
    });
  }
  for (const name of lists) checkList(source, name, options[name]);
  for (const name of optional) if (options[name] !== undefined) checkList(source, name, options[name]);
}
