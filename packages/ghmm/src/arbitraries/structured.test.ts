import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { wordProbability } from "../belief/probability.ts";
import { NonUniqueStationaryStateError } from "../numeric/errors.ts";
import { multiply, vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { stationaryState } from "../process/stationary.ts";
import { netOperator } from "../process/validate.ts";
import { word } from "./processes.ts";
import { nonErgodicHmm, periodicHmm, redundantHmm, sparseHmm } from "./structured.ts";

const net = (process: Process): Float64Array =>
  netOperator(
    process.alphabet.map((_, x) => process.operator(x)),
    process.stateDim,
  );

function expectStationary(process: Process): void {
  const next = new Float64Array(process.stateDim);
  vectorTimesMatrix(process.initial, net(process), process.stateDim, next);
  next.forEach((value, s) => {
    expect(Math.abs(value - (process.initial[s] ?? Number.NaN))).toBeLessThan(1e-10);
  });
}

describe("sparseHmm", () => {
  test.prop([sparseHmm()])("is an irreducible HMM that starts stationary", (process) => {
    expect(process.certificate.kind).toBe("hmm");
    expectStationary(process);
    expect(process.initial.every((value) => value > 0)).toBe(true);
  });
});

describe("periodicHmm", () => {
  test.prop([periodicHmm()])("returns to a class only after whole periods", ({ process, period }) => {
    expectStationary(process);
    const d = process.stateDim;
    let power = net(process);
    for (let steps = 1; steps <= 2 * period; steps++) {
      power.forEach((value, i) => {
        if ((i % d) % period !== (Math.floor(i / d) + steps) % period) expect(value).toBe(0);
      });
      power = multiply(power, net(process), d);
    }
  });
});

describe("nonErgodicHmm", () => {
  const withWord = nonErgodicHmm().chain((mixture) => fc.tuple(fc.constant(mixture), word(mixture.process, 4)));

  test.prop([withWord])("mixes the components' words", ([{ process, components, weights }, tokens]) => {
    expectStationary(process);
    const expected = components.reduce((sum, component, k) => {
      const possible = tokens.every((token) => token < component.alphabet.length);
      return sum + (possible ? (weights[k] ?? 0) * wordProbability(component, tokens) : 0);
    }, 0);
    expect(Math.abs(wordProbability(process, tokens) - expected)).toBeLessThan(1e-11);
  });

  test.prop([nonErgodicHmm()], { numRuns: 20 })("has one stationary state per component", (mixture) => {
    expect(() => stationaryState(mixture.process)).toThrow(NonUniqueStationaryStateError);
    expect(() => stationaryState(mixture.process)).toThrow(`dimension ${mixture.components.length}`);
  });
});

describe("redundantHmm", () => {
  const withWord = redundantHmm({ stationary: false }).chain((pair) => fc.tuple(fc.constant(pair), word(pair.hmm)));

  test.prop([withWord])("gives words the same probabilities with one state more", ([{ hmm, redundant }, tokens]) => {
    expect(redundant.stateDim).toBe(hmm.stateDim + 1);
    expect(Math.abs(wordProbability(redundant, tokens) - wordProbability(hmm, tokens))).toBeLessThan(1e-12);
  });
});
