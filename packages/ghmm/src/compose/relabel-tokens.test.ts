import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gaugeTransformed, hmm } from "../arbitraries/index.ts";
import { wordProbability } from "../belief/probability.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { OwnProcess } from "../process/_testing/own-process.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { expectLaw } from "./_testing/brute-force.ts";
import { relabelTokens } from "./relabel-tokens.ts";
import { tensorProduct } from "./tensor-product.ts";

const withOrder = hmm({ maxTokens: 4 }).chain((process) =>
  fc
    .shuffledSubarray([...process.alphabet.keys()], { minLength: process.alphabet.length })
    .map((order) => ({ process, order })),
);

describe("relabelTokens", () => {
  test.prop([withOrder], { numRuns: 30 })("new token i is old token order[i], with its name", ({ process, order }) => {
    const turned = relabelTokens(process, order);
    expect(turned.alphabet).toEqual(order.map(String));
    expectLaw(turned, 2, (word) =>
      wordProbability(
        process,
        word.map((token) => order[token] ?? 0),
      ),
    );
    const back = relabelTokens(
      turned,
      process.alphabet.map((_, token) => order.indexOf(token)),
    );
    expect(back.alphabet).toEqual(process.alphabet);
    process.alphabet.forEach((_, token) => {
      expect(back.operator(token)).toEqual(process.operator(token));
    });
  });

  test("names change nothing else", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const named = relabelTokens(process, ["a", "b", "c"]);
    expect(named.alphabet).toEqual(["a", "b", "c"]);
    expect(named.storage).toEqual(process.storage);
    expectLaw(named, 2, (word) => wordProbability(process, word), 1e-300);
  });

  test("a product with new names keeps them in further products", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    const product = tensorProduct(factor, factor, factor);
    const names = product.alphabet.map((name) => `<${name}>`);
    const named = relabelTokens(product, names);
    expect(wordProbability(named, [5, 7])).toBe(wordProbability(product, [5, 7]));
    expect(tensorProduct(named, coin({ p: 0.5 })).alphabet[1]).toBe("<0,0,0>,1");
  });

  test.prop([gaugeTransformed()], { numRuns: 10 })("the HMM of a certificate is relabelled with it", ({ ghmm }) => {
    const names = ghmm.alphabet.map((name) => `t${name}`);
    expect(relabelTokens(ghmm, names).certificate).toMatchObject({ kind: "similar-to-hmm", hmm: { alphabet: names } });
  });

  test("a process of one's own, with its methods on a prototype, gets new names too", () => {
    const own = new OwnProcess(mess3({ x: 0.15, a: 0.6 }));
    const named = relabelTokens(own, ["a", "b", "c"]);
    expect(named.alphabet).toEqual(["a", "b", "c"]);
    expectLaw(named, 2, (word) => wordProbability(own, word), 1e-300);
  });

  test("bad input", () => {
    const process = coin({ p: 0.5 });
    expect(() => relabelTokens(process, ["a"])).toThrow(ShapeError);
    expect(() => relabelTokens(process, ["a", "a"])).toThrow(InvalidArgumentError);
    expect(() => relabelTokens(process, ["a", ""])).toThrow(InvalidArgumentError);
    expect(() => relabelTokens(process, new Array<number>(2))).toThrow("labels[0] is undefined");
    expect(() => relabelTokens(process, "ab" as never)).toThrow(ShapeError);
    expect(() => relabelTokens(process, [0, 0])).toThrow("labels[1] is 0");
    expect(() => relabelTokens(process, [0, 2])).toThrow("labels[1] is 2");
    expect(() => relabelTokens(process, [Number.NaN, 0])).toThrow(InvalidArgumentError);
  });
});
