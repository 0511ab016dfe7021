import type { Json, JsonObject, Tolerance, VectorFile } from "./vector.ts";

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where a value does not match what is expected, as one sentence; undefined if it matches. Fields beyond the expected ones are ignored. */
export function mismatch(
  actual: Json | undefined,
  expected: Json,
  tolerance: Tolerance,
  path = "expected",
): string | undefined {
  if (typeof expected === "number") {
    const limit = tolerance.absolute + tolerance.relative * Math.abs(expected);
    if (typeof actual === "number" && Math.abs(actual - expected) <= limit) return undefined;
    return `${path} is ${JSON.stringify(actual)} instead of ${expected}`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return `${path} has ${Array.isArray(actual) ? actual.length : "no"} entries instead of ${expected.length}`;
    }
    for (const [i, value] of expected.entries()) {
      const found = mismatch(actual[i] as Json, value as Json, tolerance, `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return `${path} is ${JSON.stringify(actual)} instead of an object`;
    for (const [name, value] of Object.entries(expected)) {
      const found = mismatch(actual[name], value, tolerance, `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return actual === expected
    ? undefined
    : `${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
}

/** The last digits of a logarithm differ between releases of a host: this much of a vector's tolerance is no difference. */
const SHARE = 0.01;
const WRITTEN: Tolerance = { absolute: 1e-14, relative: 1e-14 };
const SAME: Tolerance = { absolute: 0, relative: 0 };

/** How a file differs from another beyond the last digits of computed numbers; empty if it does not. */
export function differences(committed: VectorFile, made: VectorFile): readonly string[] {
  const found: (string | undefined)[] = [];
  const same = (name: string, a: unknown, b: unknown, tolerance: Tolerance): void => {
    found.push(mismatch(a as Json, b as Json, tolerance, name));
    found.push(mismatch(b as Json, a as Json, tolerance, name));
  };
  same("spec", committed.spec, made.spec, SAME);
  same("conventions", committed.conventions, made.conventions, SAME);
  same("processes", committed.processes, made.processes, WRITTEN);
  const ids = (file: VectorFile) => file.vectors.map(({ id }) => id);
  same("ids of vectors", ids(committed), ids(made), SAME);
  made.vectors.forEach((vector, i) => {
    const other = committed.vectors[i];
    if (other?.id !== vector.id) return;
    const { expected, ...rest } = vector;
    const { expected: known, ...otherRest } = other;
    same(vector.id, otherRest, rest, WRITTEN);
    const { absolute, relative } = vector.tolerance;
    same(vector.id, known, expected, { absolute: absolute * SHARE, relative: relative * SHARE });
  });
  return found.filter((text) => text !== undefined);
}
