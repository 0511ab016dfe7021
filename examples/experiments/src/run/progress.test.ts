import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { createProgressView, EtaClock, formatDuration } from "./progress.ts";

describe("formatDuration", () => {
  test.each([
    [0, "0s"],
    [59.4, "59s"],
    [75, "1m15s"],
    [3600, "1h00m"],
    [7384, "2h03m"],
    [Number.POSITIVE_INFINITY, "--"],
    [Number.NaN, "--"],
    [-1, "--"],
  ])("%d -> %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("EtaClock", () => {
  test("uses the rate since it was started, not the steps done before a resume", () => {
    let time = 100;
    const clock = new EtaClock(() => time);
    expect(clock.remaining(4000, 5000)).toBe(Number.POSITIVE_INFINITY);
    time = 110;
    expect(clock.remaining(4100, 5000)).toBeCloseTo(90, 10);
  });
});

test("EtaClock forgets a leap over finished work after a minute", () => {
  let time = 0;
  const clock = new EtaClock(() => time);
  clock.remaining(0, 5000);
  time = 1;
  clock.remaining(4000, 5000); // found on disk
  for (time = 2; time <= 70; time++) clock.remaining(4000 + time, 5000);
  expect(clock.remaining(4071, 5000)).toBeGreaterThan(900);
});

describe("createProgressView", () => {
  test("without a terminal it writes one line per job and at most one each 20 s", () => {
    const written: string[] = [];
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        written.push(String(chunk));
        done();
      },
    });
    const stream = Object.assign(sink, { isTTY: false }) as unknown as NodeJS.WriteStream;
    const view = createProgressView(stream, ["a"]);
    view.update("a", { done: 1, total: 10, stage: "pretrain", note: "excess 0.5" });
    view.update("a", { done: 2, total: 10, stage: "pretrain", note: "excess 0.4" });
    view.note("stopping");
    view.end("a", "finished");
    view.close();
    expect(written).toEqual(["a  step 1/10  pretrain  excess 0.5  ETA --\n", "stopping\n", "a  finished\n"]);
  });
});
