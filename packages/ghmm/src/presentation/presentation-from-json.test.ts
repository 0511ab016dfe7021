import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gaugeTransformed, sparseHmm } from "../arbitraries/index.ts";
import { CorruptFileError, InvalidArgumentError, SemifactorError } from "../numeric/errors.ts";
import { withParts } from "../process/with-parts.ts";
import { coin } from "../processes/coin.ts";
import { evenOnes } from "../processes/even-ones.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { mixedStatePresentation } from "./mixed-state-presentation.ts";
import { presentationFromJson } from "./presentation-from-json.ts";
import { presentationToJson } from "./presentation-to-json.ts";

const even = evenOnes({ p: 0.5 });
const good = JSON.stringify(presentationToJson(mixedStatePresentation(even)));

describe("round trip", () => {
  test.prop(
    [
      fc.oneof(
        sparseHmm(),
        gaugeTransformed().map(({ ghmm }) => ghmm),
      ),
    ],
    { numRuns: 40 },
  )("of any presentation, truncated or not", (process) => {
    const presentation = mixedStatePresentation(process, { maxStates: 30 });
    const text = JSON.stringify(presentationToJson(presentation));
    expect(presentationFromJson(process, text)).toEqual(presentation);
    expect(presentationFromJson(process, JSON.parse(text))).toEqual(presentation);
  });

  it("of RRXOR", () => {
    const process = rrxor();
    const presentation = mixedStatePresentation(process);
    expect(presentationFromJson(process, JSON.stringify(presentationToJson(presentation)))).toEqual(presentation);
  });
});

describe("files that are not what they should be", () => {
  it("truncated text, at every character", () => {
    for (let length = 0; length < good.length; length++) {
      expect(() => presentationFromJson(even, good.slice(0, length))).toThrow(CorruptFileError);
    }
  });

  test.prop([fc.jsonValue()], { numRuns: 100 })("any other JSON", (value) => {
    expect(() => presentationFromJson(even, value)).toThrow(CorruptFileError);
    expect(() => presentationFromJson(even, JSON.stringify(value))).toThrow(CorruptFileError);
  });

  const paths = (value: unknown): readonly (readonly (string | number)[])[] =>
    typeof value === "object" && value !== null
      ? [[], ...Object.entries(value).flatMap(([key, inner]) => paths(inner).map((path) => [key, ...path]))]
      : [[]];
  // `recurrent` and `classes` are not read: they follow from the steps.
  const places = paths(JSON.parse(good)).filter((path) => !path.includes("recurrent") && !path.includes("classes"));

  test.prop([fc.constantFrom(...places), fc.constantFrom(null, "x", -3, Number.NaN, 1e300, {}, [])], { numRuns: 300 })(
    "one value replaced",
    (path, wrong) => {
      const json = JSON.parse(good);
      const last = path.at(-1);
      let place = json;
      for (const key of path.slice(0, -1)) place = place[key];
      if (last !== undefined) place[last] = wrong;
      expect(() => presentationFromJson(even, last === undefined ? wrong : json)).toThrow(SemifactorError);
    },
  );

  it.each([
    ["format", "other", 'format is "other"'],
    ["version", 2, "version is 2"],
    ["complete", false, "complete is false, unlike the states"],
    ["states", [], "states is empty"],
  ])("%s replaced by %o", (name, value, message) => {
    expect(() => presentationFromJson(even, { ...JSON.parse(good), [name]: value })).toThrow(
      `presentationFromJson: ${message}`,
    );
  });

  it("steps out of order, missing or twice", () => {
    const json = JSON.parse(good);
    const { transitions } = json;
    const withSteps = (steps: unknown) => () => presentationFromJson(even, { ...json, transitions: steps });
    expect(withSteps([...transitions].reverse())).toThrow("out of order");
    expect(withSteps([transitions[0], ...transitions])).toThrow("out of order");
    expect(withSteps(transitions.slice(1))).toThrow("token 0 after state 0 has probability 0");
    expect(withSteps([{ ...transitions[0], to: 99 }, ...transitions.slice(1)])).toThrow("transitions[0] is");
  });

  it("a step that leads elsewhere, and another first state", () => {
    const led = JSON.parse(good);
    led.transitions[0].to = led.transitions[0].to === 2 ? 3 : 2;
    expect(() => presentationFromJson(even, led)).toThrow("token 0 after state 0 leads to state");
    const { alphabet, states, ...rest } = JSON.parse(good);
    states[0].belief = [1, 0];
    expect(() => presentationFromJson(even, { alphabet, states, ...rest })).toThrow("states[0] is [1, 0]");
  });

  it("objects that are not what JSON gives", () => {
    const json = JSON.parse(good);
    const withChange = (change: object) => () => presentationFromJson(even, { ...json, ...change });
    const [hole] = new Array<number>(1);
    const states = [...json.states.slice(0, -1), { ...json.states.at(-1), belief: Object.assign([0], { length: 2 }) }];
    expect(withChange({ states })).toThrow(CorruptFileError);
    expect(withChange({ states: Object.assign([json.states[0]], { length: 2 }) })).toThrow("states[1] is no object");
    expect(withChange({ transitions: new Array(3) })).toThrow("transitions[0] is no object");
    const cycle: Record<string, unknown> = { hole };
    cycle.self = cycle;
    for (const wrong of [cycle, 1n, Symbol("s"), () => 0, Object.create(null)]) {
      for (const name of ["format", "version", "alphabet", "stateDim", "complete", "tolerance", "states"]) {
        expect(withChange({ [name]: wrong })).toThrow(SemifactorError);
      }
      const [first, ...others] = json.transitions;
      expect(withChange({ transitions: [{ ...first, to: wrong }, ...others] })).toThrow(CorruptFileError);
      expect(withChange({ transitions: [{ ...first, probability: wrong }, ...others] })).toThrow(CorruptFileError);
    }
    const nested = JSON.parse(good);
    let deep: unknown = [];
    for (let i = 0; i < 1e5; i++) deep = [deep];
    expect(() => presentationFromJson(even, { ...nested, format: deep })).toThrow("format is an array");
  });

  it("a presentation of another process", () => {
    expect(() => presentationFromJson(mess3({ x: 0.1, a: 0.5 }), good)).toThrow(InvalidArgumentError);
    expect(() => presentationFromJson(coin({ p: 0.5 }), good)).toThrow(
      "in dimension 2 for a process of 2 in dimension 1",
    );
    expect(() => presentationFromJson(goldenMean({ p: 0.5 }), good)).toThrow(CorruptFileError);
    expect(() => presentationFromJson(evenOnes({ p: 0.4 }), good)).toThrow("which is not the initial state");
    const started = withParts(evenOnes({ p: 0.4 }), { initial: even.initial });
    expect(() => presentationFromJson(started, good)).toThrow("in the process");
  });
});
