import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import {
  checkFixed,
  checkInitialNorm,
  checkNonNegative,
  checkProcess,
  netOperator,
  readAlphabet,
  readOperators,
  readSquare,
  readVector,
  TOLERANCE,
} from "./validate.ts";

const source = "someProcess";
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const anyOperators = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([tokens, d]) => {
  const row = fc.array(finite, { minLength: d, maxLength: d });
  const matrix = fc.array(row, { minLength: d, maxLength: d });
  return fc.array(matrix, { minLength: tokens, maxLength: tokens });
});

describe("readOperators", () => {
  test.prop([anyOperators])("copies every matrix row by row, and only copies", (operators) => {
    const read = readOperators(source, operators);
    expect(read.map((matrix) => Array.from(matrix))).toEqual(operators.map((matrix) => matrix.flat()));
    read[0]?.fill(Number.NaN);
    expect(operators.flat(2).some(Number.isNaN)).toBe(false);
  });

  test("refuses what is not one square matrix per token, in the caller's name", () => {
    expect(() => readOperators(source, [])).toThrow(ShapeError);
    expect(() => readOperators(source, [])).toThrow("someProcess: operators is empty");
    expect(() => readOperators(source, [[[1, 0]]])).toThrow("operators[0][0] has 2 entries for 1 states");
    expect(() => readOperators(source, [[[1]], [[1], [1]]])).toThrow("operators[1] has 2 rows and operators[0] has 1");
    const [hole] = new Array<number[][]>(1);
    expect(() => readOperators(source, [[[1]], ...new Array<number[][]>(1)])).toThrow("operators[1] is undefined");
    // biome-ignore lint/suspicious/noSparseArray: what must not pass for a row of zeros
    expect(() => readOperators(source, [[[1, 0], ,] as never, hole as never])).toThrow(ShapeError);
    for (const bad of [null, "12", 3, {}]) {
      expect(() => readOperators(source, bad as never)).toThrow(ShapeError);
      expect(() => readOperators(source, [bad] as never)).toThrow(ShapeError);
      expect(() => readOperators(source, [[bad]] as never)).toThrow(ShapeError);
    }
    // a row with a hole has the length of a row
    expect(() => readOperators(source, [[new Array<number>(1)]])).toThrow("operators[0][0][0] is undefined");
  });
});

describe("readVector", () => {
  test("copies, and refuses other lengths and numbers by name", () => {
    const given = Float64Array.of(0.25, 0.75);
    const read = readVector(source, "initial", given, 2);
    given.fill(0);
    expect([...read]).toEqual([0.25, 0.75]);
    expect(() => readVector(source, "initial", [1, 2, 3], 2)).toThrow(ShapeError);
    expect(() => readVector(source, "initial", [1, 2, 3], 2)).toThrow(
      "initial has 3 entries for 2 states. Give 2 numbers",
    );
    expect(() => readVector(source, "initial", [0, Number.NEGATIVE_INFINITY], 2)).toThrow("initial[1] is -Infinity");
  });
});

describe("readSquare", () => {
  test("copies row by row, and refuses other shapes, holes and texts", () => {
    const rows = [[1, 2], Float64Array.of(3, 4)];
    const read = readSquare(source, "basis", rows, 2);
    rows[1]?.fill(0);
    expect([...read]).toEqual([1, 2, 3, 4]);
    expect(() => readSquare(source, "basis", [[1, 2]], 2)).toThrow("basis has 1 rows. Give 2 rows of 2 numbers");
    expect(() => readSquare(source, "basis", new Array<number[]>(2), 2)).toThrow("basis[0] is undefined");
    for (const bad of [null, undefined, "12", 3]) {
      expect(() => readSquare(source, "basis", bad as never, 2)).toThrow(ShapeError);
      expect(() => readSquare(source, "basis", [bad, bad] as never, 2)).toThrow(ShapeError);
    }
  });
});

describe("checkProcess", () => {
  test("names what is none", () => {
    const process = { step: () => 0, operator: () => new Float64Array(1) };
    expect(() => checkProcess(source, "first", process)).not.toThrow();
    for (const bad of [undefined, null, 3, "hmm", {}, []]) {
      expect(() => checkProcess(source, "first", bad)).toThrow("someProcess: first is no process");
    }
  });
});

describe("checkNonNegative", () => {
  test.prop([fc.array(finite, { minLength: 1 })])(
    "names the first negative entry, and only a negative one",
    (values) => {
      const call = () => checkNonNegative(source, (i) => `entry<${i}>`, Float64Array.from(values));
      const first = values.findIndex((value) => value < 0);
      if (first === -1) expect(call).not.toThrow();
      else expect(call).toThrow(`entry<${first}> is ${values[first]}.`);
    },
  );

  test("negative zero is zero", () => {
    expect(() => checkNonNegative(source, String, Float64Array.of(-0))).not.toThrow();
    expect(() => checkNonNegative(source, String, Float64Array.of(-1e-300))).toThrow(InvalidArgumentError);
  });
});

describe("readAlphabet", () => {
  test.prop([fc.integer({ min: 1, max: 20 })])("without names, tokens are called by their numbers", (tokens) => {
    expect(readAlphabet(source, tokens).map(Number)).toEqual(Array.from({ length: tokens }, (_, x) => x));
  });

  test.prop([fc.array(fc.string(), { maxLength: 6 })])(
    "names are kept exactly if they are distinct and not empty",
    (names) => {
      const good = new Set(names).size === names.length && !names.includes("");
      if (good) expect(readAlphabet(source, names.length, names)).toEqual(names);
      else expect(() => readAlphabet(source, names.length, names)).toThrow(InvalidArgumentError);
    },
  );

  test("a hole is no name, and a text is no list of names", () => {
    expect(() => readAlphabet(source, 2, new Array<string>(2))).toThrow("alphabet[0] is undefined");
    expect(() => readAlphabet(source, 2, "ab" as never)).toThrow(ShapeError);
  });

  test("the second of two equal names is the one in the message", () => {
    expect(() => readAlphabet(source, 3, ["a", "b", "b"])).toThrow('alphabet[2] is "b", the same as alphabet[1]');
  });
});

describe("netOperator", () => {
  test("adds entry by entry", () => {
    expect([...netOperator([Float64Array.of(1, 2, 3, 4), Float64Array.of(10, 20, 30, 40)], 2)]).toEqual([
      11, 22, 33, 44,
    ]);
  });

  test.prop([hmm({ stationary: false })])("of an HMM has rows that sum to one", (process) => {
    const net = netOperator(
      process.alphabet.map((_, x) => process.operator(x)),
      process.stateDim,
    );
    for (let s = 0; s < process.stateDim; s++) {
      const row = net.subarray(s * process.stateDim, (s + 1) * process.stateDim);
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe("T w = w and eta0 . w = 1", () => {
  const identity = Float64Array.of(1, 0, 0, 1);

  test.prop([gaugeTransformed({ maxStates: 3 })], { numRuns: 30 })("hold in every basis", ({ ghmm }) => {
    const net = netOperator(
      ghmm.alphabet.map((_, x) => ghmm.operator(x)),
      ghmm.stateDim,
    );
    expect(() => checkFixed(source, net, ghmm.normalizer)).not.toThrow();
    expect(() => checkInitialNorm(source, ghmm.initial, ghmm.normalizer)).not.toThrow();
    const doubled = ghmm.initial.map((value) => 2 * value);
    expect(() => checkInitialNorm(source, doubled, ghmm.normalizer)).toThrow(NotNormalizedError);
  });

  test.prop([fc.double({ min: 1e-12, max: 1e12, noNaN: true })])(
    "the tolerance of T w = w is relative to the largest entry of w",
    (scale) => {
      const off = (by: number) => Float64Array.of(1 + by, 0, 0, 1);
      const w = Float64Array.of(scale, -scale);
      expect(() => checkFixed(source, off(0.5 * TOLERANCE), w)).not.toThrow();
      expect(() => checkFixed(source, off(2 * TOLERANCE), w)).toThrow(/T w differs from w: entry 0 is/);
    },
  );

  test("a zero normalizer is refused, though T 0 = 0", () => {
    expect(() => checkFixed(source, identity, new Float64Array(2))).toThrow(NotNormalizedError);
  });

  test("the remedy for the initial state is to divide where that helps", () => {
    const w = Float64Array.of(1, 1);
    expect(() => checkInitialNorm(source, Float64Array.of(0.5, 1), w)).toThrow("is 1.5. Divide initial by that number");
    expect(() => checkInitialNorm(source, Float64Array.of(1, -1), w)).toThrow("is 0. Give an initial state");
    expect(() => checkInitialNorm(source, Float64Array.of(1e308, 1e308), w)).toThrow(
      "is Infinity. Give an initial state",
    );
  });
});
