import { describe, expect, test } from "vitest";
import {
  CorruptFileError,
  InvalidArgumentError,
  NonUniqueStationaryStateError,
  NotBlockInvariantError,
  NotConvergedError,
  NotNormalizedError,
  SemifactorError,
  ShapeError,
  UnsupportedError,
  ZeroProbabilityError,
} from "./errors.ts";

const details = { source: "createHmm", problem: "row 1 sums to 0.9", remedy: "Divide each row by its sum" };

describe("named errors", () => {
  const plain = {
    InvalidArgumentError,
    ShapeError,
    NotNormalizedError,
    NotBlockInvariantError,
    NotConvergedError,
    UnsupportedError,
    CorruptFileError,
  };

  test.each(Object.entries(plain))(
    "%s says where, what and the remedy, and survives minified class names",
    (name, Class) => {
      const error = new Class(details);
      expect(error).toBeInstanceOf(SemifactorError);
      expect(error).toBeInstanceOf(Error);
      expect(error.name).toBe(name);
      expect(error.message).toBe("createHmm: row 1 sums to 0.9. Divide each row by its sum.");
      expect(String(error)).toBe(`${name}: ${error.message}`);
      expect(error.source).toBe("createHmm");
      expect(error.problem).toBe("row 1 sums to 0.9");
      expect(error.remedy).toBe("Divide each row by its sum");
    },
  );

  test("ZeroProbabilityError carries position and token", () => {
    const error = new ZeroProbabilityError({ ...details, position: 3, token: 1 });
    expect(error.name).toBe("ZeroProbabilityError");
    expect([error.position, error.token]).toEqual([3, 1]);
  });

  test("NonUniqueStationaryStateError carries the dimension", () => {
    const error = new NonUniqueStationaryStateError({ ...details, dimension: 2 });
    expect(error.name).toBe("NonUniqueStationaryStateError");
    expect(error.dimension).toBe(2);
  });

  test("a cause is kept", () => {
    const cause = new Error("inner");
    expect(new CorruptFileError(details, { cause }).cause).toBe(cause);
  });
});
