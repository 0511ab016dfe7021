import { coin, createHmm, mess3, mixture } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { denseCommutantDimension } from "./dense-commutant.ts";

test("counts what can be counted by hand", () => {
  expect(denseCommutantDimension(coin({ p: 0.3 }))).toBe(1);
  expect(denseCommutantDimension(mess3({ x: 0.15, a: 0.6 }))).toBe(1);
  const coins = (p: number, q: number) => mixture({ components: [coin({ p }), coin({ p: q })], weights: [0.5, 0.5] });
  expect(denseCommutantDimension(coins(0.3, 0.6))).toBe(2);
  // multiples of the identity commute with every matrix
  expect(denseCommutantDimension(coins(0.3, 0.3))).toBe(4);
});

test("a tolerance lets a small leak pass", () => {
  const rows = (p: number, q: number) => [
    [p - 1e-6, 1e-6],
    [1e-6, q - 1e-6],
  ];
  const leaky = createHmm({ operators: [rows(0.3, 0.6), rows(0.7, 0.4)], initial: [0.5, 0.5] });
  expect(denseCommutantDimension(leaky)).toBe(1);
  expect(denseCommutantDimension(leaky, 1e-4)).toBe(2);
});
