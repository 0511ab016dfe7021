import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hmm, redundantHmm, word } from "../arbitraries/index.ts";
import { beliefState } from "../belief/update.ts";
import { observableCoordinates } from "./observable-coordinates.ts";

const redundantAndWord = redundantHmm({ maxStates: 3 }).chain((pair) => fc.tuple(fc.constant(pair), word(pair.hmm)));

describe("observableCoordinates", () => {
  test.prop([redundantAndWord])("do not see how a cloned state is divided", ([{ redundant, state, ratio }, tokens]) => {
    const belief = beliefState(redundant, tokens);
    const copy = redundant.stateDim - 1;
    const other = belief.slice();
    const both = (belief[state] ?? 0) + (belief[copy] ?? 0);
    other[state] = both * (1 - ratio);
    other[copy] = both * ratio;
    const coordinates = observableCoordinates(redundant);
    expect(coordinates.dimension).toBeLessThan(redundant.stateDim);
    const [a, b] = [coordinates.of(belief), coordinates.of(other)];
    a.forEach((value, i) => {
      expect(Math.abs(value - (b[i] ?? Number.NaN))).toBeLessThan(1e-9);
    });
  });

  test.prop([hmm({ maxTokens: 3 }).filter(({ alphabet }) => alphabet.length > 1)])(
    "are the belief itself where every coordinate matters, and are found once",
    (process) => {
      const coordinates = observableCoordinates(process);
      expect(observableCoordinates(process)).toBe(coordinates);
      if (coordinates.dimension === process.stateDim) expect(coordinates.of(process.initial)).toBe(process.initial);
    },
  );
});
