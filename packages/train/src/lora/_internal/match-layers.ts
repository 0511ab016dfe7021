import { InvalidArgumentError } from "@semifactor/ghmm";
import type { LinearSpec } from "../../model/parameters.ts";

/** A regular expression for a name in which `*` stands for any part. */
function wildcard(name: string): RegExp {
  const parts = name.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** Whether the whole name matches. */
function matches(pattern: string | RegExp, name: string): boolean {
  if (pattern === "all-linear") return name.startsWith("blocks.");
  const expression =
    typeof pattern === "string"
      ? wildcard(pattern)
      : new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace("g", ""));
  return expression.test(name);
}

/**
 * The linear layers that names and patterns select, in the order of the model.
 *
 * @throws InvalidArgumentError if one of them matches nothing
 */
export function matchLayers(
  source: string,
  layers: readonly LinearSpec[],
  target: string | RegExp | readonly (string | RegExp)[],
): readonly LinearSpec[] {
  const patterns = typeof target === "string" || target instanceof RegExp ? [target] : target;
  const names = layers.map(({ weight }) => weight);
  const reject = (problem: string): never => {
    throw new InvalidArgumentError({
      source,
      problem,
      remedy: `Use one of: ${names.join(", ")}, or a pattern of these`,
    });
  };
  if (!Array.isArray(patterns) || patterns.length === 0) {
    reject(target === undefined || Array.isArray(patterns) ? "no target" : `target is ${JSON.stringify(target)}`);
  }
  for (const pattern of patterns) {
    if (typeof pattern !== "string" && !(pattern instanceof RegExp)) reject(`a target is ${JSON.stringify(pattern)}`);
    if (!names.some((name) => matches(pattern, name))) {
      reject(
        typeof pattern === "string" && !pattern.includes("*")
          ? `"${pattern}" is not a linear layer`
          : `the pattern ${pattern} matches no linear layer`,
      );
    }
  }
  return layers.filter(({ weight }) => patterns.some((pattern) => matches(pattern, weight)));
}
