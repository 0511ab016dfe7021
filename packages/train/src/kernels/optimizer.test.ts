import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scalarCount, scalarIndex } from "./_internal/optimizer-scalars.ts";
import { fillNormal, largestError, type NamedArena, namedArena } from "./_testing/named-call.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** Writes scalars by name; the others are 0. */
function setScalars(arena: NamedArena, values: Partial<Readonly<Record<keyof typeof scalarIndex, number>>>): void {
  const scalars = arena.values("scalars");
  scalars.fill(0);
  for (const [name, value] of Object.entries(values)) if (isScalar(name)) scalars[scalarIndex[name]] = value;
}

const isScalar = (name: string): name is keyof typeof scalarIndex => name in scalarIndex;

/** Three gradients of three parameters, the steps of the goldens. */
const gradients = [
  [0.1, -0.2, 0.3],
  [-0.4, 0.5, 0.6],
  [0.7, 0.8, -0.9],
];

describe("adamw", () => {
  /** AdamW as Loshchilov & Hutter 2019, algorithm 2, over several steps with numbers, not arrays. */
  function textbook(
    start: number,
    gradients: readonly number[],
    { lr, b1, b2, eps, wd, clip }: { lr: number; b1: number; b2: number; eps: number; wd: number; clip: number },
  ): { readonly p: number; readonly m: number; readonly v: number } {
    let [p, m, v] = [start, 0, 0];
    for (const [index, raw] of gradients.entries()) {
      const t = index + 1;
      const g = raw * clip;
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g ** 2;
      p -= lr * (m / (1 - b1 ** t) / (Math.sqrt(v / (1 - b2 ** t)) + eps) + wd * p);
    }
    return { p, m, v };
  }

  test.each([0, 1])("three steps equal the textbook, decay %s", (decay) => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 9 }), (seed, n) => {
        const arena = namedArena({ param: n, grad: n, m: n, v: n, scalars: scalarCount });
        fillNormal(arena.values("param"), seed);
        const start = arena.values("param").slice();
        const hyper = { lr: 0.1, b1: 0.8, b2: 0.95, eps: 1e-3, wd: 0.2, clip: 0.7 };
        const history: Float64Array[] = [];
        for (let t = 1; t <= 3; t++) {
          fillNormal(arena.values("grad"), seed + t);
          history.push(arena.values("grad").slice());
          const scalars = arena.values("scalars");
          scalars[scalarIndex.learningRate] = hyper.lr;
          scalars[scalarIndex.beta1] = hyper.b1;
          scalars[scalarIndex.beta2] = hyper.b2;
          scalars[scalarIndex.epsilon] = hyper.eps;
          scalars[scalarIndex.weightDecay] = hyper.wd;
          scalars[scalarIndex.bias1] = 1 - hyper.b1 ** t;
          scalars[scalarIndex.bias2] = 1 - hyper.b2 ** t;
          scalars[scalarIndex.clipScale] = hyper.clip;
          arena.call("adamw", { n, decay });
        }
        const expected = Array.from(start, (value, i) =>
          textbook(
            value,
            history.map((gradient) => gradient[i] ?? 0),
            { ...hyper, wd: decay * hyper.wd },
          ),
        );
        for (const [name, key] of [
          ["param", "p"],
          ["m", "m"],
          ["v", "v"],
        ] as const) {
          expect(
            largestError(
              arena.values(name),
              expected.map((one) => one[key]),
            ),
          ).toBeLessThan(1e-13);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("three steps equal PyTorch's", () => {
    const arena = namedArena({ param: 3, grad: 3, m: 3, v: 3, scalars: scalarCount });
    arena.values("param").set([1, -0.5, 0.25]);
    const hyper = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.01, clipScale: 1 };
    for (const [index, gradient] of gradients.entries()) {
      arena.values("grad").set(gradient);
      const t = index + 1;
      setScalars(arena, { ...hyper, bias1: 1 - 0.9 ** t, bias2: 1 - 0.99 ** t });
      arena.call("adamw", { n: 3, decay: 1 });
    }
    // PyTorch 2.13.0 in float64, torch.optim.AdamW(lr=0.1, betas=(0.9, 0.99), eps=1e-3, weight_decay=0.01): parameters, exp_avg, exp_avg_sq.
    const golden = {
      param: [0.9208535213112462, -0.514933756706202, 0.060325924343235936],
      m: [0.0421, 0.1088, -0.0117],
      v: [0.00658201, 0.00926704, 0.01254609],
    };
    for (const [name, values] of Object.entries(golden)) {
      expect(largestError(arena.values(name), values)).toBeLessThan(1e-14);
    }
  });

  test("elements without gradient and moments stay exactly where they are without decay: padding stays 0", () => {
    const arena = namedArena({ param: 2, grad: 2, m: 2, v: 2, scalars: scalarCount });
    arena.values("param").set([0, 0.3]);
    arena.values("scalars").set([0.1, 0.9, 0.999, 1e-8, 0.5, 0.1, 0.001, 1]);
    arena.call("adamw", { n: 2, decay: 0 });
    expect([...arena.values("param")]).toEqual([0, 0.3]);
  });
});

describe("sgd", () => {
  /** torch.optim.SGD of one parameter (dampening 0): the buffer starts as the first gradient. */
  function torchSgd(
    start: number,
    history: readonly number[],
    { lr, momentum, wd, clip }: { lr: number; momentum: number; wd: number; clip: number },
  ): { readonly p: number; readonly buffer: number } {
    let p = start;
    let buffer: number | undefined;
    for (const raw of history) {
      const g = raw * clip + wd * p;
      buffer = buffer === undefined ? g : momentum * buffer + g;
      p -= lr * buffer;
    }
    return { p, buffer: buffer ?? 0 };
  }

  test.each([0, 1])("some steps equal PyTorch's formula, decay %s", (decay) => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 0.5, 0.9), (seed, n, momentum) => {
        const arena = namedArena({ param: n, grad: n, m: n, scalars: scalarCount });
        fillNormal(arena.values("param"), seed);
        const start = arena.values("param").slice();
        const hyper = { lr: 0.1, momentum, wd: 0.2, clip: 0.7 };
        setScalars(arena, { learningRate: hyper.lr, beta1: momentum, weightDecay: hyper.wd, clipScale: hyper.clip });
        const history: Float64Array[] = [];
        for (let t = 1; t <= 4; t++) {
          fillNormal(arena.values("grad"), seed + t);
          history.push(arena.values("grad").slice());
          arena.call("sgd", { n, decay });
        }
        const expected = Array.from(start, (value, i) =>
          torchSgd(
            value,
            history.map((gradient) => gradient[i] ?? Number.NaN),
            { ...hyper, wd: decay * hyper.wd },
          ),
        );
        const column = (key: "p" | "buffer") => expected.map((one) => one[key]);
        expect(largestError(arena.values("param"), column("p"))).toBeLessThan(1e-14);
        expect(largestError(arena.values("m"), column("buffer"))).toBeLessThan(1e-14);
      }),
      { numRuns: 20 },
    );
  });

  test("three steps equal PyTorch's", () => {
    const arena = namedArena({ param: 3, grad: 3, m: 3, scalars: scalarCount });
    arena.values("param").set([1, -0.5, 0.25]);
    setScalars(arena, { learningRate: 0.1, beta1: 0.9, weightDecay: 0.01, clipScale: 1 });
    for (const gradient of gradients) {
      arena.values("grad").set(gradient);
      arena.call("sgd", { n: 3, decay: 1 });
    }
    // PyTorch 2.13.0 in float64, torch.optim.SGD(lr=0.1, momentum=0.9, weight_decay=0.01): parameters, momentum_buffer.
    const golden = {
      param: [0.973292789, -0.6180233795, 0.14347266975],
      m: [0.44818211, 1.074528795, -0.1116741975],
    };
    for (const [name, values] of Object.entries(golden)) {
      expect(largestError(arena.values(name), values)).toBeLessThan(1e-14);
    }
  });
});

describe("clip_scale", () => {
  test.each([
    { sumsq: 4, clip: 1, factor: 1 / (2 + 1e-6) },
    { sumsq: 0.25, clip: 1, factor: 1 },
    { sumsq: 4, clip: 0, factor: 1 },
    { sumsq: 0, clip: 1, factor: 1 },
  ])("norm^2 $sumsq, clip $clip", ({ sumsq, clip, factor }) => {
    const arena = namedArena({ sumsq: 1, scalars: scalarCount });
    arena.values("sumsq")[0] = sumsq;
    arena.values("scalars")[scalarIndex.clip] = clip;
    arena.call("clip_scale", {});
    expect(arena.values("scalars")[scalarIndex.clipScale]).toBe(factor);
    expect(arena.values("scalars")[scalarIndex.gradientNorm]).toBe(Math.sqrt(sumsq));
  });

  test("a norm that is not finite never becomes a finite factor of a non-finite gradient", () => {
    const arena = namedArena({ sumsq: 1, scalars: scalarCount });
    arena.values("sumsq")[0] = Number.NaN;
    arena.values("scalars")[scalarIndex.clip] = 1;
    arena.call("clip_scale", {});
    expect(arena.values("scalars")[scalarIndex.clipScale]).toBeNaN();
  });
});

test("sum_of_squares is the squared norm", () => {
  const arena = namedArena({ x: 5, out: 1 });
  arena.values("x").set([1, -2, 3, 0, 0.5]);
  arena.call("sum_of_squares", { n: 5 });
  expect(arena.values("out")[0]).toBe(14.25);
});

test("reduce_shards adds copies a stride apart, in order, and overwrites", () => {
  const arena = namedArena({ first: 12, out: 3 });
  arena.values("first").set([1, 2, 3, 99, 10, 20, 30, 99, 100, 200, 300, 99]);
  arena.values("out").fill(7);
  arena.call("reduce_shards", { stride: 4, shards: 3, n: 3 });
  expect([...arena.values("out")]).toEqual([111, 222, 333]);
});
