import { CorruptFileError, InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
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
