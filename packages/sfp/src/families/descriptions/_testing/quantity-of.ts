import type { FamilyDescription } from "../description.ts";

/** The value of a quantity by its name; throws if the family has none of that name. */
export function quantityOf(family: FamilyDescription, options: object, name: string): number {
  const found = family.quantities(options).find((quantity) => quantity.name === name);
  if (found === undefined) throw new Error(`${family.name} has no quantity ${name}`);
  return found.value;
}
