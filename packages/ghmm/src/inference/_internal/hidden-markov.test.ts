import { test } from "@fast-check/vitest";
import { expect } from "vitest";
import { hmm } from "../../arbitraries/index.ts";
import { InvalidArgumentError, UnsupportedError } from "../../numeric/errors.ts";
import { createGhmm } from "../../process/create.ts";
import { coin } from "../../processes/coin.ts";
import { hiddenMarkov } from "./hidden-markov.ts";

test.prop([hmm()])("holds the operators one after another, as copies", (process) => {
  const { stateDim: d, tokens, initial, transitions } = hiddenMarkov("f", process);
  expect([d, tokens]).toEqual([process.stateDim, process.alphabet.length]);
  process.alphabet.forEach((_, x) => {
    expect(transitions.slice(x * d * d, (x + 1) * d * d)).toEqual(process.operator(x));
  });
  initial.fill(7);
  expect(process.initial[0]).not.toBe(7);
});

test("another certificate is refused by name", () => {
  const cone = createGhmm({ operators: [[[1]]], normalizer: [2], initial: [0.5] });
  expect(() => hiddenMarkov("f", cone)).toThrow(UnsupportedError);
  expect(() => hiddenMarkov("f", cone)).toThrow(
    'f: the certificate of the process is "cone", so it has no hidden states',
  );
});

test("an initial state that is no distribution is refused by name", () => {
  const broken = { ...coin({ p: 0.5 }), initial: Float64Array.of(Number.NaN) };
  expect(() => hiddenMarkov("f", broken)).toThrow(InvalidArgumentError);
  expect(() => hiddenMarkov("f", broken)).toThrow("f: belief . normalizer is NaN");
});
