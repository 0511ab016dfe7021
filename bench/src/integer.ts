import { InvalidArgumentError } from "commander";

/** Reads an option that is a positive integer. */
export function integer(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Give a positive integer.");
  return value;
}
