import { expect, test } from "vitest";
import * as barrel from "./index.ts";
import { families } from "./namespace.ts";

test("every family of the area is in the namespace under its own name, and cannot be replaced", () => {
  for (const [name, family] of Object.entries(families)) {
    expect(family.name).toBe(name);
  }
  expect(Object.isFrozen(families)).toBe(true);
  expect(barrel.families).toBe(families);
});
