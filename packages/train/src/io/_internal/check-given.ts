import { InvalidArgumentError } from "@semifactor/ghmm";
import { brief } from "./brief.ts";

/** What to give for arguments that occur in many places. */
const remedies: ReadonlyMap<string, string> = new Map([
  ["model", "Give a model, e.g. of createTransformer"],
  ["engine", "Give an engine, e.g. of createEngine"],
  ["source", "Give a source of batches, e.g. of processSource"],
  ["process", "Give a process, e.g. mess3({ x: 0.15, a: 0.6 })"],
  ["optimizer", "Give an object with learningRate"],
]);

const kinds = { object: "an object", function: "a function", string: "a text" } as const;

/**
 * Throws unless every argument, by its name, is of a kind: callers without types can leave out what is required.
 *
 * @throws InvalidArgumentError with the name and the value of the first that is not
 */
export function checkGiven(
  source: string,
  given: Readonly<Record<string, unknown>>,
  kind: keyof typeof kinds = "object",
): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === kind && value !== null) continue;
    const remedy = remedies.get(name) ?? `Give ${kinds[kind]}`;
    throw new InvalidArgumentError({ source, problem: `${name} is ${brief(value)}`, remedy });
  }
}

/**
 * Throws unless `bytes` are a `Uint8Array`.
 *
 * @throws InvalidArgumentError with what they are
 */
export function checkBytes(source: string, bytes: unknown): void {
  if (bytes instanceof Uint8Array) return;
  const problem = `the bytes are ${bytes instanceof ArrayBuffer ? "an ArrayBuffer" : brief(bytes)}`;
  throw new InvalidArgumentError({ source, problem, remedy: "Give a Uint8Array" });
}
