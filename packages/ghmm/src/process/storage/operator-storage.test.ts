import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { kronecker } from "../../numeric/matrix.ts";
import type { Process } from "../process.ts";
import { storeProcess } from "../store.ts";
import { blockStorage } from "./blocks.ts";
import { chooseStorage } from "./choose.ts";
import { denseStorage } from "./dense.ts";
import { kroneckerStorage } from "./kronecker.ts";
import type { OperatorStorage } from "./operator-storage.ts";
import { sparseStorage } from "./sparse.ts";

const entry = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true }));
const vector = (length: number) =>
  fc.array(entry, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

const operatorsOf = (d: number, tokens: number) =>
  fc.array(vector(d * d), { minLength: tokens, maxLength: tokens }).map((operators) => ({ d, operators }));

const sized = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }));

/** Operators with about half of their entries zero, and a vector. */
const instance = sized.chain(([d, tokens]) =>
  fc.record({ d: fc.constant(d), operators: operatorsOf(d, tokens).map((it) => it.operators), belief: vector(d) }),
);

/** Operators that are zero between the first and the other states. */
const blocked = fc.tuple(instance, fc.nat(4)).map(([it, cut]) => ({
  ...it,
  operators: it.operators.map((operator) =>
    operator.map((value, i) => (Math.floor(i / it.d) <= cut === i % it.d <= cut ? value : 0)),
  ),
}));

/** A process whose operators are arbitrary: storage does not look at what they mean. */
const processOf = ({ d, operators }: { d: number; operators: readonly Float64Array[] }): Process =>
  storeProcess({
    operators,
    initial: new Float64Array(d).fill(1 / d),
    normalizer: new Float64Array(d).fill(1),
    alphabet: operators.map((_, x) => String(x)),
    certificate: { kind: "unchecked", wordLength: 0, smallestProbability: 1 },
  });

function expectSameAs(storage: OperatorStorage, operators: readonly Float64Array[], belief: Float64Array): void {
  const d = belief.length;
  operators.forEach((operator, token) => {
    const out = new Float64Array(d).fill(5);
    storage.apply(belief, token, out);
    out.forEach((value, j) => {
      const expected = belief.reduce((sum, weight, i) => sum + weight * (operator[i * d + j] ?? 0), 0);
      expect(Math.abs(value - expected)).toBeLessThan(1e-12);
    });
    storage.operator(token).forEach((value, i) => {
      expect(Math.abs(value - (operator[i] ?? 0))).toBeLessThan(1e-15);
    });
  });
}

describe("operator storage", () => {
  test.prop([fc.oneof(instance, blocked)])("dense, sparse and blocks do the same", ({ d, operators, belief }) => {
    for (const store of [denseStorage, sparseStorage, blockStorage, chooseStorage]) {
      expectSameAs(store(operators, d), operators, belief);
    }
  });

  const small = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    .chain(([d, tokens]) => operatorsOf(d, tokens));

  test.prop([fc.array(small, { minLength: 1, maxLength: 3 }), fc.infiniteStream(entry)])(
    "Kronecker factors do what the written-out product does",
    (factors, entries) => {
      const product = factors.reduce<{ d: number; operators: Float64Array[] }>(
        (a, c) => ({
          d: a.d * c.d,
          operators: a.operators.flatMap((u) => c.operators.map((y) => kronecker(u, a.d, y, c.d))),
        }),
        { d: 1, operators: [Float64Array.of(1)] },
      );
      const belief = Float64Array.from({ length: product.d }, () => entries.next().value ?? 0);
      expectSameAs(kroneckerStorage(factors.map(processOf)), product.operators, belief);
    },
  );

  test("what is handed out or handed in is not shared", () => {
    const operator = Float64Array.of(1, 2, 3, 4);
    const stores = [denseStorage, sparseStorage, blockStorage];
    const storages = stores.map((store) => store([operator], 2));
    operator.fill(0);
    for (const storage of storages) {
      storage.operator(0).fill(0);
      expect(Array.from(storage.operator(0))).toEqual([1, 2, 3, 4]);
    }
    const inBlocks = blockStorage([Float64Array.of(1, 0, 0, 2)], 2);
    if (inBlocks.description.kind === "blocks") for (const states of inBlocks.description.blocks) states.fill(0);
    expect(Array.from(inBlocks.operator(0))).toEqual([1, 0, 0, 2]);
  });
});
