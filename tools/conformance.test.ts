import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createGhmm, createHmm, type Process } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { differences, mismatch } from "./conformance/compare.ts";
import { formatVectors, makeVectors, outcome, suiteNames } from "./conformance/make.ts";
import {
  categories,
  type Json,
  type JsonObject,
  SPEC_VERSION,
  type Vector,
  type VectorFile,
} from "./conformance/vector.ts";
import { root } from "./sources.ts";

const suites = suiteNames.map((name) => {
  const text = readFileSync(join(root, "conformance", `${name}.json`), "utf8");
  return { name, text, file: JSON.parse(text) as VectorFile, made: makeVectors(name) };
});
/** The file of that name. */
function suite(name: string) {
  const found = suites.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no conformance/${name}.json`);
  return found;
}

const all = suites.flatMap(({ file }) => file.vectors);
const spec = ["spec.md", "spec-sfp.md"].map((name) => readFileSync(join(root, "docs", name), "utf8")).join("\n");

describe.each(suites)("the committed file $name.json", ({ text, file, made }) => {
  test("is what the generator makes (otherwise run: pnpm conformance)", () => {
    expect(differences(file, made)).toEqual([]);
  });

  test("numbers round-trip", () => {
    expect(JSON.parse(formatVectors(made))).toEqual(JSON.parse(JSON.stringify(made)));
    expect(formatVectors(file)).toBe(text);
  });

  test("every vector is complete, and ids are distinct", () => {
    const ids = file.vectors.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, definition, description, input, expected, tolerance } of file.vectors) {
      expect(id.startsWith(`${definition}/`), id).toBe(true);
      expect(description.length, id).toBeGreaterThan(3);
      expect(Object.keys(input).length * Object.keys(expected).length, id).toBeGreaterThan(0);
      expect(tolerance.absolute >= 0 && tolerance.relative >= 0, id).toBe(true);
    }
  });
});

/** A process of the file, from nothing but what is written there. */
function read({ certificate, operators, initial, normalizer }: VectorFile["processes"][string]): Process {
  if (certificate === "hmm") return createHmm({ operators, initial });
  return createGhmm({ operators, initial, normalizer });
}

/** The numbers, strings and booleans of a value with their places. */
function leaves(value: Json | undefined, place = ""): [string, Json | undefined][] {
  if (typeof value !== "object" || value === null) return [[place, value]];
  const nested = Object.entries(value).flatMap(([name, entry]) => leaves(entry as Json, `${place}/${name}`));
  return [[`${place}#`, Object.keys(value).length], ...nested];
}

/** The tolerance rule of the specification, on every leaf; `length` is that of lists, objects may have more fields. */
function expectMatch({ id, expected, tolerance }: Vector, actual: JsonObject): void {
  const given = new Map(leaves(actual));
  for (const [place, value] of leaves(expected)) {
    const found = given.get(place);
    if (place.endsWith("#")) {
      const isList = place !== "#" && !place.endsWith("/process#") && !place.endsWith("/cut#");
      if (isList) expect(found, `${id} ${place}`).toBe(value);
    } else if (typeof value === "number") {
      const error = Math.abs((typeof found === "number" ? found : Number.NaN) - value);
      expect(error, `${id} ${place}`).toBeLessThanOrEqual(tolerance.absolute + tolerance.relative * Math.abs(value));
    } else {
      expect(found, `${id} ${place}`).toBe(value);
    }
  }
}

const claims = suites.flatMap(({ name, file }) =>
  [...new Set(file.vectors.map(({ category }) => category))].map((category) => [name, category, file] as const),
);

describe("the library", () => {
  const tables = Object.fromEntries(
    suites.map(({ name, file: { processes } }) => {
      return [name, Object.fromEntries(Object.entries(processes).map(([key, written]) => [key, read(written)]))];
    }),
  );

  test("is tested in every category", () => {
    expect(claims.map(([, category]) => category)).toEqual(categories);
  });

  test.each(claims)("passes every vector of %s: %s", (name, category, file) => {
    const vectors = file.vectors.filter((vector) => vector.category === category);
    expect(vectors.length).toBeGreaterThan(10);
    for (const vector of vectors) {
      expectMatch(vector, outcome(vector.definition, vector.input, tables[name] ?? {}));
    }
  });
});

describe("the specification", () => {
  const sections = spec.split(/^## /m).slice(1);
  const defined = [...spec.matchAll(/^\*\*(D\d+)[ .]/gm)].map(([, id]) => id ?? "");

  test("definitions are numbered without gaps", () => {
    expect(defined).toEqual(defined.map((_, i) => `D${i + 1}`));
  });

  test("every definition has a vector, and every vector a definition", () => {
    const tested = new Set(all.map(({ definition }) => definition));
    expect([...tested].sort()).toEqual([...defined].sort());
  });

  test("the category of a vector is that of its definition's section", () => {
    for (const section of sections) {
      const category = /^_Category: `(\w+)`\._$/m.exec(section)?.[1];
      for (const [, id] of section.matchAll(/^\*\*(D\d+)[ .]/gm)) {
        const found = all.filter(({ definition }) => definition === id).map((vector) => vector.category);
        expect(new Set(found), id).toEqual(new Set([category]));
      }
    }
  });

  test("the version is the same, and every category of errors is described and tested", () => {
    expect(spec.replaceAll("\n", " ").split(`Version of this specification: **${SPEC_VERSION}**`)).toHaveLength(3);
    for (const { file } of suites) expect(file.spec).toBe(SPEC_VERSION);
    const tested = new Set(all.flatMap(({ expected }) => (expected.error === undefined ? [] : [expected.error])));
    const described = [...spec.matchAll(/^\| `(\w+Error)`/gm)].map(([, name]) => name);
    expect([...tested].sort()).toEqual(described.sort());
  });

  /** What a definition says of its vectors, in its last paragraph or that of the definitions it is grouped with. */
  const vectorsOf = (id: string): string => {
    const from = spec.slice(spec.search(new RegExp(`^\\*\\*${id}[ .]`, "m")));
    const paragraph = from.slice(from.indexOf("**Vectors.**")).split("\n\n")[0] ?? "";
    const other = /as in (D\d+)/.exec(paragraph)?.[1];
    return paragraph + (other === undefined ? "" : vectorsOf(other));
  };

  test("every definition names the fields of its vectors", () => {
    for (const { id, definition, input, expected } of all) {
      const fields = [...Object.keys(input), ...(expected.error === undefined ? Object.keys(expected) : [])];
      const missing = fields.filter((field) => !vectorsOf(definition).includes(`\`${field}\``));
      expect(missing, id).toEqual([]);
    }
  });
});

describe("known values", () => {
  // published or derived by hand: a change of the library cannot move them
  const log3 = Math.log2(3);
  test.each<[id: string, field: string, value: Json, error?: number]>([
    ["D3/z1r-100110", "probability", 1 / 12],
    ["D3/coin-0.7-010", "probability", 0.147],
    ["D3/mess3-2222", "probability", 0.023881066667],
    ["D3/fanizza-1111", "probability", 0.058684937541],
    ["D3/post-quantum-2222", "probability", 0.001262013348],
    ["D4/mess3-00", "belief", [36 / 49, 13 / 98, 13 / 98]],
    ["D4/rrxor-000", "belief", [0.5, 0.25, 0, 0, 0.25]],
    ["D5/z1r", "belief", [0.2, 0.8, 0]],
    ["D6/z1r", "distribution", [0.6, 0.4]],
    ["D1/ghmm-irrational", "normalizer", [1.070367516976, 0.929632483024]],
    ["D9/rrxor", "rank", 5],
    ["D9/fanizza", "rank", 4],
    ["D23/z1r-6", "levels", [1, 2, 4, 6, 8, 10, 12]],
    ["D23/mess3-6", "levels", [1, 3, 9, 27, 81, 243, 729]],
    ["D24/rrxor", "count", 36],
    ["D24/z1r-pair", "count", 21],
    ["D25/z1r-pair", "recurrent", 9],
    ["D25/rrxor", "recurrent", 5],
    ["D29/z1r-0.3", "entropyRate", 0.293763633],
    ["D30/golden", "excessEntropy", 0.251629167],
    ["D30/rrxor", "excessEntropy", log3 + 2 / 3],
    ["D30/z1r-pair", "excessEntropy", 2 * log3],
    ["D31/rrxor", "transientInformation", 12.743093],
    ["D31/even", "transientInformation", 2 * log3],
    ["D32/bloch-1-1", "statisticalComplexity", 2],
    ["D34/golden", "synchronizationInformation", 0.918295834],
    ["D34/z1r-0.3", "synchronizationInformation", 2.770314],
    ["D27/mess3", "conditional", [1.5849625, 1.5740781, 1.57165971, 1.57110034, 1.57097192, 1.57094242]],
    ["D22/matchingParentheses", "process", { initial: [1 / 6, 1 / 3, 1 / 3, 1 / 6] }],
    ["D22/mrName", "process", { initial: [1 / 6, 1 / 3, 1 / 3, 1 / 6] }],
    ["D13/coins", "process", { operators: [[[0.42]], [[0.18]], [[0.28]], [[0.12]]] }],
    ["D14/coins", "process", { operators: [[[0.42]], [[0.18]], [[0.08]], [[0.32]]] }],
    ["D39/moore-hidden-012", "states", [2, 1, 0, 0]],
    ["D39/moore-hidden-012", "logProbability", Math.log(0.01344)],
    [
      "D37/moore-hidden-012",
      "posteriors",
      [
        [0, 0, 1],
        [0.23170303, 0.76829697, 0],
        [0.62406281, 0.37593719, 0],
        [0.86397706, 0.13602294, 0],
      ],
    ],
    ["D39/umbrella-hidden-00100", "states", [2, 0, 0, 1, 0, 0]],
    ["D39/umbrella-hidden-00100", "logProbability", -4.459, 5e-5],
    ["D37/umbrella-hidden-00100", "logLikelihood", -3.3725, 5e-5],
    // the known answers that were published with threefry
    ["D41/zero", "block", [0x6b200159, 0x99ba4efe]],
    ["D41/ones", "block", [0x1cb996fc, 0xbb002be7]],
    ["D41/pi", "block", [0xc4923a9c, 0x483df7a0]],
    ["D43/bits-10", "bits", [169096361, 1572511259, 2689743692, 2228103506]],
  ])("%s %s", (id, field, value, error = 6e-7) => {
    const vector = all.find((each) => each.id === id);
    expect(mismatch(vector?.expected[field], value, { absolute: error, relative: 0 })).toBe(undefined);
  });
});

describe("comparing", () => {
  const tolerance = { absolute: 1e-3, relative: 1e-2 };
  test.each<[Json, Json, boolean]>([
    [1.0109, 1, true],
    [1.0111, 1, false],
    [-0.9891, -1, true],
    [[1, 2], [1, 2, 3], false],
    [[1, 2, 3], [1, 2], false],
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ b: 2 }, { a: 1 }, false],
    ["-Infinity", "-Infinity", true],
    [null, 1, false],
    [true, true, true],
    [1, true, false],
    [1, [1], false],
  ])("%j against %j", (actual, expected, matches) => {
    expect(mismatch(actual, expected, tolerance) === undefined).toBe(matches);
  });

  test("any change of the file is a difference, except of last digits", () => {
    const { file, made } = suite("ghmm");
    const changed = (change: (vector: Vector) => Vector) => {
      const vectors = file.vectors.map((vector) => (vector.id === "D29/golden" ? change(vector) : vector));
      return differences({ ...file, vectors }, made).length > 0;
    };
    expect(changed((vector) => vector)).toBe(false);
    expect(changed((vector) => ({ ...vector, expected: { entropyRate: 2 / 3 + 1e-13 } }))).toBe(false);
    expect(changed((vector) => ({ ...vector, expected: { entropyRate: 2 / 3 + 1e-9 } }))).toBe(true);
    expect(changed((vector) => ({ ...vector, expected: { ...vector.expected, more: 1 } }))).toBe(true);
    expect(changed((vector) => ({ ...vector, description: "another" }))).toBe(true);
    expect(changed((vector) => ({ ...vector, id: "D29/other" }))).toBe(true);
    expect(differences({ ...file, vectors: file.vectors.slice(1) }, made)).not.toEqual([]);
    const coin = { operators: [[[0.5]], [[0.5]]], initial: [1], normalizer: [1], certificate: "cone" };
    expect(differences({ ...file, processes: { ...file.processes, "coin-fair": coin } }, made)).not.toEqual([]);
  });
});

const python = spawnSync("python3", ["--version"]);

const missing = python.status === 0 ? "" : " (skipped: there is no python3 here)";
describe.skipIf(missing !== "")(`the verifier in Python${missing}`, () => {
  /** Verifies the committed file, or a text instead of it. */
  const verify = (input?: string) => {
    const args = [join(root, "conformance", "verify.py"), ...(input === undefined ? [] : ["-"])];
    return spawnSync("python3", args, { encoding: "utf8", input });
  };

  test("passes every vector", () => {
    const { status, stdout } = verify();
    expect(stdout).not.toContain("FAIL");
    expect(status).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(categories.length);
  });

  test.each([
    ["ghmm", '"expected": { "entropyRate": 0.', '"expected": { "entropyRate": 1.', "FAIL D29/"],
    ["sfp", '"meanEntropy": 0.', '"meanEntropy": 1.', "FAIL D66/"],
    ["sfp", '"criterion": "purity"', '"criterion": "product"', "FAIL D82/nearly-mixed"],
    ["sfp", '"error": "NotBlockInvariantError"', '"error": "ShapeError"', "FAIL D51/leaky"],
  ])("fails on a wrong vector of %s and names it: %s", (name, right, changed, message) => {
    const { text } = suite(name);
    const wrong = text.replace(right, changed);
    expect(wrong).not.toBe(text);
    const { status, stdout } = verify(wrong);
    expect(status).toBe(1);
    expect(stdout).toContain(message);
  });
});
