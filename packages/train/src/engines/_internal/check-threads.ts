import { InvalidArgumentError } from "@semifactor/ghmm";
import type { EngineOptions } from "../engine.ts";

/** Most threads of an engine: a number that was meant for something else should not start as many workers. */
const most = 1024;

/**
 * The number of threads that an engine is asked for, 1 by default.
 *
 * @throws InvalidArgumentError if the options are no object, or no engine can have so many threads
 */
export function checkThreads(source: string, options: Pick<EngineOptions, "threads">): number {
  if (typeof options !== "object" || options === null) {
    const problem = `options is ${JSON.stringify(options)}`;
    throw new InvalidArgumentError({ source, problem, remedy: "Give an object, e.g. { threads: 2 }" });
  }
  const { threads = 1 } = options;
  if (Number.isInteger(threads) && threads >= 1 && threads <= most) return threads;
  throw new InvalidArgumentError({
    source,
    problem: `threads is ${threads}`,
    remedy: `Give a positive integer, at most ${most}`,
  });
}
