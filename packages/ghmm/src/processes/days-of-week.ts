import { createHmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";

const DAYS = ["M", "Tu", "W", "Th", "F", "Sa", "Su"] as const;
const WEEKDAYS = 5;

/** For each token, the day it leads to from day `today`, as weights that sum to 15 over all tokens and days. */
const TOKENS: readonly (readonly [name: string, weight: (today: number, next: number) => number])[] = [
  ...DAYS.map(
    (name, day) =>
      [name, (today: number, next: number) => (next !== day ? 0 : day === (today + 1) % 7 ? 5 : 1)] as const,
  ),
  ["Tmrw", (today, next) => (next === (today + 1) % 7 ? 1 : 0)],
  ["Yest", (today, next) => (next === (today + 6) % 7 ? 1 : 0)],
  ["Wknd", (_, next) => (next >= WEEKDAYS ? 1 / (7 - WEEKDAYS) : 0)],
  ["Wkdy", (_, next) => (next < WEEKDAYS ? 1 / WEEKDAYS : 0)],
];

/**
 * Talk about days: the state is today, a day of the week; a token names the next today, exactly or not. From any day, a day's
 * name has weight 1 (the next day's name 5), as have `Tmrw`, `Yest`, `Wknd` (Saturday or Sunday) and `Wkdy` (one of the five
 * other days); all weights divided by 15.
 *
 * States M, Tu, W, Th, F, Sa, Su; starts in its stationary state.
 *
 * @example
 * ```ts
 * import { beliefState, daysOfWeek } from "@semifactor/ghmm";
 *
 * const week = daysOfWeek();
 * const [sunday, tomorrow] = [week.alphabet.indexOf("Su"), week.alphabet.indexOf("Tmrw")];
 * expect(Array.from(beliefState(week, [sunday, tomorrow]))).toEqual([1, 0, 0, 0, 0, 0, 0]);
 * ```
 */
export function daysOfWeek(): Process {
  return createHmm({
    operators: TOKENS.map(([, weight]) => DAYS.map((_, today) => DAYS.map((__, next) => weight(today, next) / 15))),
    alphabet: TOKENS.map(([name]) => name),
  });
}

/** The entry of {@link daysOfWeek} in the list of processes. */
export const daysOfWeekDescription = description({
  name: "daysOfWeek",
  summary: "Talk about days of the week, by name or relative to today",
  parameters: [],
  alphabet: TOKENS.map(([name]) => name),
  states: [...DAYS],
  create: daysOfWeek,
});
