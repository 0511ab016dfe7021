import { readFile } from "node:fs/promises";
import { SemifactorError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { StorageError, storageError } from "./storage-error.ts";

describe("errors of a file system", () => {
  test("keep the path, the system's code and the cause", async () => {
    const cause: unknown = await readFile("/no/such/file").catch((error: unknown) => error);
    const error = storageError("loadCheckpoint", "/no/such/file", "read", cause);
    expect(error).toBeInstanceOf(SemifactorError);
    expect(error).toMatchObject({ name: "StorageError", path: "/no/such/file", code: "ENOENT", cause });
    expect(error.message).toMatch(/^loadCheckpoint: \/no\/such\/file could not be read \(ENOENT: .*\)\. Create/);
  });

  test.each([
    ["ENOSPC", /Free space/],
    ["EFBIG", /ulimit -f/],
    ["EACCES", /right/],
    ["EROFS", /read-only/],
    ["EIO", /Check the path/],
    ["toString", /Check the path/],
  ])("%s has its remedy", (code, remedy) => {
    const error = storageError("save", "a", "written", Object.assign(new Error("failed"), { code }));
    expect(error.remedy).toMatch(remedy);
    expect(error.problem).toMatch(/untouched/);
    expect(error.code).toBe(code);
  });

  test("what is thrown need not be an error", () => {
    expect(storageError("save", "a", "written", "no")).toMatchObject({ code: "", cause: "no" });
    expect(storageError("save", "a", "written", { code: 3 })).toBeInstanceOf(StorageError);
  });
});
