import type { Process } from "@semifactor/ghmm";

/** The version of the specification, docs/spec.md and docs/spec-sfp.md, that the vectors test. */
export const SPEC_VERSION = "1.0";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json };

/** `|a - b| <= absolute + relative |b|`, with `b` the expected number. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** A test case that no implementation owns: a definition of the specification, what goes in and what must come out. */
export interface Vector {
  readonly id: string;
  readonly category: Category;
  /** Number of the definition, `D1` and so on. */
  readonly definition: string;
  readonly description: string;
  readonly input: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: Tolerance;
}

/** A process written out. */
export interface WrittenProcess {
  readonly operators: readonly (readonly (readonly number[])[])[];
  readonly initial: readonly number[];
  readonly normalizer: readonly number[];
}

/** The files of vectors, conformance/ghmm.json and conformance/sfp.json. */
export interface VectorFile {
  readonly spec: string;
  readonly conventions: { readonly [name: string]: string };
  readonly processes: { readonly [key: string]: WrittenProcess & { readonly certificate: string } };
  readonly vectors: readonly Vector[];
}

/** What an implementation can claim conformance in. */
export const categories = [
  "core",
  "presentation",
  "information",
  "inference",
  "sampling",
  "structure",
  "families",
  "discovery",
  "entanglement",
  "intervention",
] as const;

/** One of {@link categories}. */
export type Category = (typeof categories)[number];

/** Last definition of each category; they follow each other in the specification. */
const lastDefinition: Readonly<Record<Category, number>> = {
  core: 22,
  presentation: 25,
  information: 35,
  inference: 40,
  sampling: 46,
  structure: 55,
  families: 62,
  discovery: 68,
  entanglement: 84,
  intervention: 88,
};

/** The category of a definition. */
export function categoryOf(definition: string): Category {
  const category = categories.find((name) => Number(definition.slice(1)) <= lastDefinition[name]);
  if (category === undefined) throw new Error(`${definition} is in no category`);
  return category;
}

/** Row-major numbers as rows. */
export function rows(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) =>
    Array.from({ length: width }, (__, j) => values[i * width + j] ?? Number.NaN),
  );
}

/** A process written out. */
export function written(process: Process): WrittenProcess {
  return {
    operators: process.alphabet.map((_, token) => rows(process.operator(token), process.stateDim)),
    initial: Array.from(process.initial),
    normalizer: Array.from(process.normalizer),
  };
}
