import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, test as property } from "@fast-check/vitest";
import { CorruptFileError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import { tinyRun } from "../loop/_testing/tiny-run.ts";
import { train } from "../loop/train.ts";
import { jsonlMetrics, readMetrics } from "./metrics-file.ts";

const folder = mkdtempSync(join(tmpdir(), "semifactor-metrics-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "metrics.jsonl");
const metrics = (step: number) => ({ step, loss: 1 / step, learningRate: 0.1, gradientNorm: step, tokensPerSecond: 7 });
const write = (...steps: readonly number[]): void => {
  const onStep = jsonlMetrics(path);
  for (const step of steps) onStep(metrics(step));
};
const steps = (): readonly number[] => readMetrics(path).map(({ step }) => step);

describe("jsonlMetrics", () => {
  test("writes what onStep is told, a line per step, to be read back exactly", async () => {
    rmSync(path, { force: true });
    const { state } = await train({ ...tinyRun, optimalLoss: 1, onStep: jsonlMetrics(path) });
    const lines = readMetrics(path);
    expect(lines.map(({ loss }) => loss)).toEqual([...state.history.loss]);
    expect(lines.map(({ excess }) => excess)).toEqual([...state.history.loss].map((loss) => loss - 1));
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(8);
  });

  test("is with the system at every step: nothing waits in the process", () => {
    rmSync(path, { force: true });
    const onStep = jsonlMetrics(path);
    onStep(metrics(1));
    expect(steps()).toEqual([1]);
    onStep(metrics(2));
    expect(steps()).toEqual([1, 2]);
  });

  test("a resumed run drops the lines from its first step on, and only once", () => {
    rmSync(path, { force: true });
    write(1, 2, 3, 4, 5);
    write(4, 5, 6);
    expect(steps()).toEqual([1, 2, 3, 4, 5, 6]);
    write(7);
    write(1);
    expect(steps()).toEqual([1]);
  });

  property.prop([fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 7 })])(
    "a file cut at any byte is repaired",
    (count, cut, next) => {
      rmSync(path, { force: true });
      write(...Array.from({ length: count }, (_, i) => i + 1));
      const text = readFileSync(path, "utf8").slice(0, cut);
      writeFileSync(path, text);
      const whole = text.split("\n").length - 1;
      expect(steps()).toHaveLength(whole);
      write(next);
      expect(steps()).toEqual([...Array.from({ length: whole }, (_, i) => i + 1).filter((step) => step < next), next]);
    },
  );

  test("replicas share a file: all but the first are marked", () => {
    rmSync(path, { force: true });
    const onStep = jsonlMetrics(path);
    for (const step of [1, 2]) for (const replica of [0, 1]) onStep(metrics(step), replica);
    expect(readMetrics(path).map(({ step, replica }) => [step, replica])).toEqual([
      [1, undefined],
      [1, 1],
      [2, undefined],
      [2, 1],
    ]);
    jsonlMetrics(path)(metrics(2), 0);
    expect(steps()).toEqual([1, 1, 2]);
  });

  test.each([
    ["not JSON", "{oops}\n"],
    ["another value", "null\n"],
    ["no step", '{"loss":1}\n'],
  ])("a whole line that is %s is refused with its number, and nothing is changed", (_, line) => {
    rmSync(path, { force: true });
    write(1);
    appendFileSync(path, line);
    const before = readFileSync(path, "utf8");
    expect(() => readMetrics(path)).toThrow(CorruptFileError);
    expect(() => write(2)).toThrow(/jsonlMetrics: .*metrics\.jsonl: line 2 is/);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test("what cannot be read or written is named", () => {
    const missing = join(folder, "none", "metrics.jsonl");
    expect(() => readMetrics(missing)).toThrow(expect.objectContaining({ name: "StorageError", code: "ENOENT" }));
    expect(() => jsonlMetrics(missing)(metrics(1))).toThrow(
      expect.objectContaining({ name: "StorageError", code: "ENOENT", path: missing }),
    );
    expect(() => jsonlMetrics(folder)(metrics(1))).toThrow(expect.objectContaining({ code: "EISDIR" }));
  });
});
