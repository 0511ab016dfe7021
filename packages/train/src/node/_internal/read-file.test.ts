import { existsSync } from "node:fs";
import { CorruptFileError, InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { loadCheckpoint } from "../checkpoint-file.ts";
import { jsonlMetrics, readMetrics } from "../metrics-file.ts";
import { naming, readBytes } from "./read-file.ts";

const details = { source: "decode", problem: "x is 7", remedy: "Give 8" };

describe("reading a file", () => {
  test("a file that is not there is named with the system's code", async () => {
    await expect(readBytes("/no/such/file", "load")).rejects.toMatchObject({
      name: "StorageError",
      path: "/no/such/file",
      code: "ENOENT",
      source: "load",
    });
  });

  test("what was read is returned", async () => {
    expect(await naming("a", "load", () => 3)).toBe(3);
    expect(await naming("a", "load", async () => 4)).toBe(4);
  });

  test.each([CorruptFileError, UnsupportedError, ShapeError])(
    "%o keeps its class and names the path",
    async (Named) => {
      const cause = new Named(details);
      const failing = naming("a/b", "load", () => {
        throw cause;
      });
      await expect(failing).rejects.toBeInstanceOf(Named);
      await expect(failing).rejects.toMatchObject({ message: "load: a/b: x is 7. Give 8.", cause });
    },
  );

  test("errors of the caller are passed on as they are", async () => {
    const error = new InvalidArgumentError(details);
    const failing = naming("a", "load", async () => {
      throw error;
    });
    await expect(failing).rejects.toBe(error);
  });
});

// A device without an end: reading it whole would take all memory.
const endless = "/dev/zero";
const found = existsSync(endless);
if (!found) process.stderr.write(`skipped: there is no ${endless} on this system\n`);

describe.skipIf(!found)("a device without an end is refused before it is read", () => {
  test("by everything that reads files", async () => {
    await expect(readBytes(endless, "caller")).rejects.toThrow(/^caller: \/dev\/zero is a device or a pipe/);
    await expect(loadCheckpoint(endless)).rejects.toThrow(InvalidArgumentError);
    expect(() => readMetrics(endless)).toThrow(InvalidArgumentError);
    const metrics = { step: 1, loss: 1, learningRate: 1, gradientNorm: 1, tokensPerSecond: 1 };
    expect(() => jsonlMetrics(endless)(metrics)).toThrow(/device or a pipe/);
  });

  test("a directory is left to the error of the system", async () => {
    await expect(readBytes("/", "load")).rejects.toMatchObject({ name: "StorageError", path: "/" });
  });
});
