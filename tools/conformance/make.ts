import { NonUniqueStationaryStateError, type Process, SemifactorError, ZeroProbabilityError } from "@semifactor/ghmm";
import { answer } from "./answer.ts";
import { type Case, EXACT } from "./case.ts";
import { combineCases } from "./cases-combine.ts";
import { coreCases } from "./cases-core.ts";
import { inferenceCases, samplingCases } from "./cases-inference.ts";
import { informationCases } from "./cases-information.ts";
import { presentationCases } from "./cases-presentation.ts";
import { processTable } from "./process-table.ts";
import { semiFactoredCases } from "./sfp/cases.ts";
import { semiFactoredTable } from "./sfp/process-table.ts";
import { categoryOf, type JsonObject, SPEC_VERSION, type Vector, type VectorFile, written } from "./vector.ts";

/** What the vectors of a file are made of. */
interface Suite {
  readonly conventions: VectorFile["conventions"];
  readonly processes: Readonly<Record<string, Process>>;
  readonly cases: readonly Case[];
}

const CONVENTIONS: VectorFile["conventions"] = {
  definitions: "docs/spec.md; `definition` is its number there",
  vectors: "states are row vectors, operators[token][from][to] act from the right, matrices are lists of rows",
  indices: "0-based; joint indices big-endian, first factor slowest",
  scale: "initial . normalizer = 1; beliefs have belief . normalizer = 1",
  units: "entropies in bits unless unit is nats; log-probabilities and losses in nats",
  impossible: "a token with conditional probability at most 1e-12 is impossible",
  tolerance:
    "|actual - expected| <= absolute + relative * |expected|; integers, strings, booleans and lengths are equal",
  numbers: 'binary64, written to round-trip; "-Infinity" is minus infinity',
  errors: "expected.error is the category of the error; the other fields of expected are its fields",
};

const suites = {
  ghmm: {
    conventions: CONVENTIONS,
    processes: processTable,
    cases: [
      ...coreCases,
      ...combineCases,
      ...presentationCases,
      ...informationCases,
      ...inferenceCases,
      ...samplingCases,
    ],
  },
  sfp: {
    conventions: {
      ...CONVENTIONS,
      definitions: "docs/spec-sfp.md, which continues docs/spec.md; `definition` is its number there",
      numbers: 'binary64, written to round-trip; "Infinity" and "-Infinity" are infinite',
    },
    processes: semiFactoredTable,
    cases: semiFactoredCases,
  },
} as const satisfies Readonly<Record<string, Suite>>;

/** A file of vectors, `conformance/<name>.json`. */
export type SuiteName = keyof typeof suites;

/** The names of all files. */
export const suiteNames: readonly SuiteName[] = ["ghmm", "sfp"];

/** What an error is expected to tell. */
function described(error: unknown): JsonObject {
  if (!(error instanceof SemifactorError)) throw error;
  if (error instanceof ZeroProbabilityError) {
    return { error: error.name, position: error.position, token: error.token };
  }
  if (error instanceof NonUniqueStationaryStateError) return { error: error.name, dimension: error.dimension };
  return { error: error.name };
}

/** What the library gives, or the error that it throws. */
export function outcome(
  definition: string,
  input: JsonObject,
  processes: Readonly<Record<string, Process>>,
): JsonObject {
  try {
    return answer(definition, input, processes);
  } catch (error) {
    return described(error);
  }
}

function vectorOf(each: Case, processes: Readonly<Record<string, Process>>): Vector {
  const { definition, name, description, input, fields, tolerance = EXACT, error } = each;
  const id = `${definition}/${name}`;
  const given = outcome(definition, input, processes);
  if (given.error !== error) throw new Error(`${id}: expected ${error ?? "no error"}, got ${JSON.stringify(given)}`);
  const expected: Record<string, JsonObject[string]> = {};
  for (const field of error === undefined ? (fields ?? Object.keys(given)) : Object.keys(given)) {
    const value = given[field];
    if (value === undefined) throw new Error(`${id}: there is no ${field}`);
    expected[field] = value;
  }
  return { id, category: categoryOf(definition), definition, description, input, expected, tolerance };
}

/** Everything that `conformance/<name>.json` holds. */
export function makeVectors(name: SuiteName): VectorFile {
  const { conventions, processes, cases }: Suite = suites[name];
  const vectors = cases.map((each) => vectorOf(each, processes));
  const ids = vectors.map(({ id }) => id);
  const repeated = ids.find((id, i) => ids.indexOf(id) < i);
  if (repeated !== undefined) throw new Error(`two vectors are called ${repeated}`);
  const table = Object.fromEntries(
    Object.entries(processes).map(([key, process]) => [
      key,
      { certificate: process.certificate.kind, ...written(process) },
    ]),
  );
  return { spec: SPEC_VERSION, conventions, processes: table, vectors };
}

const spaced = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}: ${spaced(entry)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
};

const lines = (fields: readonly (readonly [string, unknown])[], indent: string): string =>
  fields.map(([name, value]) => `${indent}${JSON.stringify(name)}: ${spaced(value)}`).join(",\n");

/** The text of the file: a line for each part of a vector. */
export function formatVectors({ spec, conventions, processes, vectors }: VectorFile): string {
  const table = Object.entries(processes).map(
    ([key, process]) => `    ${JSON.stringify(key)}: {\n${lines(Object.entries(process), "      ")}\n    }`,
  );
  const list = vectors.map(({ id, category, definition, description, input, expected, tolerance }) => {
    const head = spaced({ id, category, definition }).slice(2, -2);
    const rest = lines(Object.entries({ description, input, expected, tolerance }), "      ");
    return `    {\n      ${head},\n${rest}\n    }`;
  });
  return `{
  "spec": ${JSON.stringify(spec)},
  "conventions": {
${lines(Object.entries(conventions), "    ")}
  },
  "processes": {
${table.join(",\n")}
  },
  "vectors": [
${list.join(",\n")}
  ]
}
`;
}
