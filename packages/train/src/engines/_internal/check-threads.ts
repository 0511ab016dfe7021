import { InvalidArgumentError } from "@semifactor/ghmm";

/** Most threads of an engine: a number that was meant for something else should not start as many workers. */
const most = 1024;

/**
 * Throws unless an engine can have so many threads.
 *
 * @throws InvalidArgumentError
 */
export function checkThreads(source: string, threads: number): void {
  if (Number.isInteger(threads) && threads >= 1 && threads <= most) return;
  throw new InvalidArgumentError({
    source,
    problem: `threads is ${threads}`,
    remedy: `Give a positive integer, at most ${most}`,
  });
}
