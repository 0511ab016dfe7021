import { expect, test } from "vitest";
import { progressOn } from "./progress.ts";

function screen(isTTY: boolean) {
  const lines: string[] = [];
  return { isTTY, lines, write: (text: string) => lines.push(text) };
}

test("a line for each theorem where there is no terminal", () => {
  const { lines, ...rest } = screen(false);
  let now = 0;
  const progress = progressOn(rest, 2, 10, () => now);
  progress.start("T1");
  progress.at(5);
  progress.clear();
  now = 3000;
  progress.start("T2");
  expect(lines).toEqual(["T1 (1 of 2): 0 of 10\n", "T2 (2 of 2): 0 of 10, about 3 s left\n"]);
});

test("one line that is drawn again on a terminal, not more often than five times a second", () => {
  const { lines, ...rest } = screen(true);
  let now = 0;
  const progress = progressOn(rest, 4, 10, () => now);
  progress.start("T1");
  for (let done = 1; done <= 10; done++) {
    now += 100;
    progress.at(done);
  }
  progress.clear();
  expect(lines.map((line) => line.replace("\r\u001b[K", "|"))).toEqual([
    "|T1 (1 of 4): 1 of 10, about 4 s left",
    "|T1 (1 of 4): 3 of 10, about 4 s left",
    "|T1 (1 of 4): 5 of 10, about 4 s left",
    "|T1 (1 of 4): 7 of 10, about 4 s left",
    "|T1 (1 of 4): 9 of 10, about 4 s left",
    "|",
  ]);
});

test("long waits are in minutes", () => {
  const { lines, ...rest } = screen(false);
  let now = 0;
  const progress = progressOn(rest, 33, 10, () => now);
  progress.start("T1");
  now = 10_000;
  progress.start("T2");
  expect(lines[1]).toContain("about 6 min left");
});
