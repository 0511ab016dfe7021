import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wordProbability } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError } from "./options.ts";
import { EXAMPLE_PROCESS } from "./pages.ts";
import { readProcessFile } from "./process-file.ts";

const folder = mkdtempSync(join(tmpdir(), "semifactor-theorems-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "process.json");

function read(text: string) {
  writeFileSync(path, text);
  return readProcessFile(path);
}

const example = JSON.parse(EXAMPLE_PROCESS);
const changed = (fields: object): string => JSON.stringify({ ...example, ...fields });

describe("readProcessFile", () => {
  test("reads the example of the documentation", () => {
    const { process, factors, blocks, tokenSizes } = read(EXAMPLE_PROCESS);
    expect(process.alphabet).toEqual(["heads", "tails"]);
    expect(process.certificate.kind).toBe("hmm");
    // 0.4 * 0.9 + 0.1 * 0.6 + 0.3 * 0.4 + 0.2 * 0.1
    expect(wordProbability(process, [0])).toBeCloseTo(0.56, 14);
    expect(factors?.map(({ name, dimension }) => [name, dimension])).toEqual([
      ["label", 2],
      ["phase", 2],
    ]);
    expect(blocks).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(tokenSizes).toBeUndefined();
  });

  test("needs nothing but operators", () => {
    const subject = read('{"operators": [[[0.5, 0.5], [1, 0]], [[0, 0], [0, 0]]]}');
    expect(Object.keys(subject)).toEqual(["process"]);
    expect(Array.from(subject.process.initial)).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(1 / 3, 12)]);
  });

  test("a row of an HMM that sums to more than one is a slip, unless a normalizer is given", () => {
    const slip = {
      operators: [
        [
          [0.9, 0.15],
          [0, 0],
        ],
        [
          [0, 0],
          [0.5, 0.5],
        ],
      ],
    };
    expect(() => read(JSON.stringify(slip))).toThrow(UsageError);
    expect(() => read(JSON.stringify(slip))).toThrow("row 0 of all operators together sums to 1.05");
    const scaled = {
      operators: [
        [
          [0.25, 0.5],
          [0, 0.25],
        ],
        [
          [0.5, 0],
          [0.25, 0.125],
        ],
      ],
      normalizer: [2, 1],
    };
    expect(() => read(JSON.stringify(scaled))).not.toThrow("row 0");
  });

  test("signed operators with a normalizer, and normalizers of factors", () => {
    const text = JSON.stringify({
      operators: [
        [
          [0.5, 0.1],
          [0, 0],
        ],
        [
          [0.5, -0.1],
          [0, 0],
        ],
      ],
      normalizer: [1, 0],
      initial: [1, 0],
      factors: [
        { name: "a", dimension: 1, normalizer: [1] },
        { name: "c", dimension: 2, normalizer: [1, 0] },
      ],
      tokenSizes: [1, 2],
    });
    const { process, factors, tokenSizes } = read(text);
    expect(process.certificate.kind).toBe("unchecked");
    expect(factors?.[1]?.normalizer).toEqual([1, 0]);
    expect(tokenSizes).toEqual([1, 2]);
  });

  const { operators } = example;
  const [first, second] = operators;
  const factor = (n: number) => example.factors[n];
  test.each<[problem: string, text: string, message: string]>([
    ["a cut file", EXAMPLE_PROCESS.slice(0, 60), "it is no JSON"],
    ["an empty file", "", "it is no JSON"],
    ["NaN", '{"operators": [[[NaN]]]}', "JSON has no NaN"],
    ["a list", "[1]", "the file is [1]. Give an object with alphabet, operators"],
    ["null", "null", "the file is null"],
    [
      "an unknown field",
      changed({ operator: [] }),
      'the file has a field "operator". Known fields are alphabet, operators',
    ],
    ["no operators", "{}", "operators is missing. Give a list"],
    ["operators that are none", changed({ operators: 3 }), "operators is 3"],
    ["no operator", changed({ operators: [] }), "operators is empty"],
    ["a matrix that is none", changed({ operators: [first, 1] }), "operators[1] is 1"],
    ["a row that is none", changed({ operators: [first, [...second.slice(1), null]] }), "operators[1][3] is null"],
    ["a text for a number", changed({ operators: [[["0.5"]], [[0.5]]] }), 'operators[0][0][0] is "0.5"'],
    ["a number too large", '{"operators": [[[1e999]]]}', "operators[0][0][0] is null. Give finite numbers only"],
    ["a matrix that is not square", changed({ operators: [[[1, 0]]] }), "operators[0][0] has 2 entries for 1 states"],
    ["operators that do not add up", changed({ operators: [first, first] }), "of all operators together sums to"],
    ["an initial state too short", changed({ initial: [1] }), "initial has 1 entries for 4 states"],
    ["two stationary states and no initial", changed({ initial: undefined }), "Pass initial"],
    ["names that are numbers", changed({ alphabet: [0, 1] }), "alphabet[0] is 0. Give texts"],
    ["too few names", changed({ alphabet: ["a"] }), "alphabet has 1 names for 2 operators"],
    ["one factor", changed({ factors: [{ name: "a", dimension: 4 }] }), "factors has 1 entries"],
    ["dimensions of another size", changed({ factors: [factor(0), { name: "c", dimension: 3 }] }), "2 x 3 = 6 for 4"],
    [
      "half a dimension",
      changed({ factors: [factor(0), { name: "c", dimension: 1.5 }] }),
      "factors[1].dimension is 1.5",
    ],
    ["two factors of one name", changed({ factors: [factor(0), factor(0)] }), 'two of the name "label"'],
    ["a factor without a name", changed({ factors: [{ dimension: 2 }, factor(0)] }), "factors[0].name is missing"],
    ["an unknown field of a factor", changed({ factors: [{ size: 2 }] }), 'factors[0] has a field "size"'],
    [
      "a normalizer too long",
      changed({ factors: [{ ...factor(0), normalizer: [1] }] }),
      "factors[0].normalizer has 1 entries",
    ],
    [
      "a state in two blocks",
      changed({
        blocks: [
          [0, 1],
          [1, 2, 3],
        ],
      }),
      "state 1 is in blocks[0] and in blocks[1]",
    ],
    ["a state in no block", changed({ blocks: [[0, 1], [3]] }), "state 2 is in no block"],
    ["a state that is none", changed({ blocks: [[0, 4]] }), "blocks[0][1] is 4. Give an integer from 0 to 3"],
    ["one block", changed({ blocks: [[0, 1, 2, 3]] }), "blocks has 1 entries"],
    ["an empty block", changed({ blocks: [[0, 1, 2, 3], []] }), "blocks[1] is empty"],
    ["tokens of another number", changed({ tokenSizes: [2, 2] }), "tokenSizes is [2,2] for 2 tokens"],
    ["tokens of three factors", changed({ tokenSizes: [1, 1, 2] }), "tokenSizes has 3 entries for 2 factors"],
  ])("refuses %s", (_, text, message) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(`theorems: ${path}: `);
  });

  test("refuses a file that is not there, a folder and one that is too large before it reads it", () => {
    expect(() => readProcessFile(join(folder, "none.json"))).toThrow("no such file");
    expect(() => readProcessFile(folder)).toThrow(UsageError);
    const large = join(folder, "large.json");
    writeFileSync(large, "");
    truncateSync(large, 65 * 2 ** 20);
    expect(() => readProcessFile(large)).toThrow("it has 68157440 bytes. Give a process of fewer states");
  });
});
