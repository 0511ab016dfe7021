import { fc, test } from "@fast-check/vitest";
import {
  beliefState,
  changeBasis,
  createKraus,
  mess3,
  NotNormalizedError,
  tensorProduct,
  tomQuantum,
} from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { beliefDensity } from "./belief-density.ts";
import { quantumMutualInformation } from "./mutual-information.ts";
import { negativity } from "./negativity.ts";
import { partialTrace } from "./partial-trace.ts";
import { separability } from "./separability.ts";

const tokens = (count: number) => fc.array(fc.integer({ min: 0, max: count - 1 }), { maxLength: 6 });

describe("coordinates", () => {
  test("the Bloch walk: (I + x sigma_x + z sigma_z) / 2", () => {
    const walk = tomQuantum({ alpha: 1, beta: 3 });
    const { re, im } = beliefDensity(walk, [1, 0.3, -0.4]);
    expect(Array.from(re)).toEqual([0.3, 0.15, 0.15, 0.7]);
    expect(Array.from(im)).toEqual([0, 0, 0, 0]);
  });

  test("an instrument: its initial density matrix, imaginary part included", () => {
    const initial = {
      real: [
        [0.5, 0.1, 0],
        [0.1, 0.3, 0.05],
        [0, 0.05, 0.2],
      ],
      imaginary: [
        [0, -0.2, 0.1],
        [0.2, 0, 0],
        [-0.1, 0, 0],
      ],
    };
    const one = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const process = createKraus({ operators: [[one]], initial });
    const { re, im } = beliefDensity(process, process.initial);
    initial.real.flat().forEach((value, at) => {
      expect(re[at]).toBeCloseTo(value, 14);
    });
    initial.imaginary.flat().forEach((value, at) => {
      expect(im[at]).toBeCloseTo(value, 14);
    });
  });

  // weak measurements of z and x written as Kraus matrices, against K rho K^dagger by hand
  const size = 2 * Math.hypot(1, 3);
  const measured = (s: number) => [
    [(1 + 3 * s) / size, 0],
    [0, (1 - 3 * s) / size],
  ];
  const across = (s: number) => [
    [1 / size, (3 * s) / size],
    [(3 * s) / size, 1 / size],
  ];
  const kraus = [measured(1), measured(-1), across(1), across(-1)];

  test.prop([tokens(4)], { numRuns: 50 })("beliefs follow the Kraus matrices, in either coordinates", (word) => {
    const start = { re: [0.5, 0, 0, 0.5] };
    let rho = start.re;
    for (const token of word) {
      const k = (kraus[token] ?? []).flat();
      const times = (a: readonly number[], b: readonly number[]) =>
        [0, 1, 2, 3].map((at) => {
          const [i, j] = [at >> 1, at & 1];
          return (a[i * 2] ?? 0) * (b[j] ?? 0) + (a[i * 2 + 1] ?? 0) * (b[2 + j] ?? 0);
        });
      const next = times(times(k, rho), k); // the matrices are symmetric
      const trace = (next[0] ?? 0) + (next[3] ?? 0);
      rho = next.map((value) => value / trace);
    }
    const walk = tomQuantum({ alpha: 1, beta: 3 });
    const general = createKraus({ operators: kraus.map((matrix) => [matrix]) });
    for (const process of [walk, general]) {
      const found = beliefDensity(process, beliefState(process, word));
      rho.forEach((value, at) => {
        expect(found.re[at]).toBeCloseTo(value, 10);
        expect(found.im[at]).toBeCloseTo(0, 10);
      });
    }
  });
});

describe("entanglement of beliefs", () => {
  const pair = tensorProduct(tomQuantum({ alpha: 1, beta: 3 }), tomQuantum({ alpha: 1, beta: 2 }));

  test.prop([tokens(16)], { numRuns: 50 })("product instruments create none: beliefs stay products", (word) => {
    const rho = beliefDensity(pair, beliefState(pair, word));
    expect(quantumMutualInformation(rho, [2, 2])).toBeCloseTo(0, 9);
    expect(negativity(rho, [2, 2])).toBeCloseTo(0, 9);
    const alone = tomQuantum({ alpha: 1, beta: 3 });
    const first = beliefDensity(
      alone,
      beliefState(
        alone,
        word.map((token) => token >> 2),
      ),
    );
    const reduced = partialTrace(rho, [2, 2], { keep: "first" });
    first.re.forEach((value, at) => {
      expect(reduced.re[at]).toBeCloseTo(value, 9);
    });
  });

  // the parity sigma_z (x) sigma_z of |++>, measured weakly: K = (I + s beta P) / sqrt(2 (1 + beta^2))
  test("a joint measurement creates some, by a closed form", () => {
    const beta = 0.5;
    const diagonal = (s: number) =>
      [1, -1, -1, 1].map((parity, i) =>
        [0, 1, 2, 3].map((j) => (i === j ? (1 + s * beta * parity) / Math.sqrt(2 * (1 + beta ** 2)) : 0)),
      );
    const plus = Array.from({ length: 4 }, () => [0.25, 0.25, 0.25, 0.25]);
    const process = createKraus({ operators: [[diagonal(1)], [diagonal(-1)]], initial: plus });
    const negativityAfter = (word: readonly number[]) =>
      negativity(beliefDensity(process, beliefState(process, word)), [2, 2]);
    expect(negativityAfter([])).toBeCloseTo(0, 13);
    // amplitudes (a, b, b, a) / 2 have Schmidt coefficients (a + b) / 2 and (a - b) / 2, negativity (a^2 - b^2) / 4 = beta / (1 + beta^2)
    expect(negativityAfter([0])).toBeCloseTo(beta / (1 + beta ** 2), 13);
    // opposite outcomes undo each other
    expect(negativityAfter([0, 1])).toBeCloseTo(0, 13);
    expect(separability(beliefDensity(process, beliefState(process, [0])), [2, 2]).verdict).toBe("entangled");
  });

  test("an instrument beside an HMM: the HMM's states are diagonal", () => {
    const mixed = tensorProduct(mess3({ x: 0.15, a: 0.6 }), tomQuantum({ alpha: 1, beta: 3 }));
    const rho = beliefDensity(mixed, beliefState(mixed, [1, 2]));
    const first = partialTrace(rho, [3, 2], { keep: "first" });
    const alone = beliefState(mess3({ x: 0.15, a: 0.6 }), [0, 0]);
    [0, 1, 2].forEach((s) => {
      expect(first.re[s * 4]).toBeCloseTo(alone[s] ?? 0, 12);
    });
    expect(Math.max(...first.im, Math.abs(first.re[1] ?? 0))).toBeCloseTo(0, 14);
  });
});

describe("refuses", () => {
  const walk = tomQuantum({ alpha: 1, beta: 3 });
  const basis = [
    [1, 0, 0],
    [0, 2, 0],
    [0, 0, 1],
  ];

  test("processes that are no instrument, or in other coordinates", () => {
    expect(() => beliefDensity(mess3({ x: 0.15, a: 0.6 }), [1, 0, 0])).toThrow(
      'certificate "hmm" and is no instrument',
    );
    expect(() => beliefDensity(changeBasis(walk, basis), walk.initial)).toThrow("does not say how its state");
  });

  test("what is no belief", () => {
    expect(() => beliefDensity(walk, [1, 0])).toThrow("belief has 2 entries");
    expect(() => beliefDensity(walk, [1, Number.NaN, 0])).toThrow("belief[1] is NaN");
    expect(() => beliefDensity(walk, [2, 0, 0])).toThrow(NotNormalizedError);
    // outside the Bloch ball: eigenvalues (1 +- 1.2) / 2
    expect(() => beliefDensity(walk, [1, 1.2, 0])).toThrow("rho has the eigenvalue -0.0999");
  });
});
