import { describe, expect, test } from "vitest";
import { beliefState, nextTokenDistribution } from "../belief/update.ts";
import { daysOfWeek } from "./days-of-week.ts";

const week = daysOfWeek();
const token = (name: string) => week.alphabet.indexOf(name);
const DAYS = ["M", "Tu", "W", "Th", "F", "Sa", "Su"];

describe("daysOfWeek", () => {
  test("seven days, eleven tokens", () => {
    expect(week.alphabet).toEqual([...DAYS, "Tmrw", "Yest", "Wknd", "Wkdy"]);
    expect(week.stateDim).toBe(7);
  });

  test("on Monday, Tuesday's name is five times as likely as any other token", () => {
    const next = nextTokenDistribution(week, [1, 0, 0, 0, 0, 0, 0]);
    week.alphabet.forEach((name, x) => {
      expect(next[x]).toBeCloseTo((name === "Tu" ? 5 : 1) / 15, 15);
    });
  });

  test("a name is a day, and tomorrow and yesterday count from it, around the week", () => {
    DAYS.forEach((name, day) => {
      expect(beliefState(week, [token(name)])[day]).toBeCloseTo(1, 14);
      expect(beliefState(week, [token(name), token("Tmrw")])[(day + 1) % 7]).toBeCloseTo(1, 14);
      expect(beliefState(week, [token(name), token("Yest")])[(day + 6) % 7]).toBeCloseTo(1, 14);
    });
  });

  test("the weekend is two days and the rest five, whatever came before", () => {
    for (const before of [[], [token("W")], [token("Wkdy"), token("Yest")]]) {
      const weekend = beliefState(week, [...before, token("Wknd")]);
      const weekday = beliefState(week, [...before, token("Wkdy")]);
      DAYS.forEach((_, day) => {
        expect(weekend[day]).toBeCloseTo(day >= 5 ? 1 / 2 : 0, 14);
        expect(weekday[day]).toBeCloseTo(day < 5 ? 1 / 5 : 0, 14);
      });
    }
  });
});
