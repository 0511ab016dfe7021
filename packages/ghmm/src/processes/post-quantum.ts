import { InvalidArgumentError } from "../numeric/errors.ts";
import { createGhmm } from "../process/create.ts";
import type { Process } from "../process/process.ts";
import { description } from "./description.ts";
import { checkParameters, type ProcessParameter } from "./parameter.ts";

const PARAMETERS: readonly ProcessParameter[] = [
  { name: "logAlpha", range: [0, 20], openEnds: [true, false], example: Math.log(2.7), meaning: "ln alpha, alpha > 1" },
  {
    name: "beta",
    range: [0, 1],
    openEnds: [true, true],
    example: 0.5,
    meaning: "factor of the other dilation, below 1",
  },
];

/**
 * The largest root `u` of `(u^2 + l)(u - k) - k u`, by Newton's method from above: to the right of `max(0, k)`, where the
 * polynomial is negative, it is convex, so the iteration falls to the one root there.
 */
function largestRoot(k: number, l: number): { readonly u: number; readonly slope: number } {
  let u = 1 + Math.abs(k) + Math.abs(k - l) + Math.abs(k * l);
  const slopeAt = (x: number): number => 3 * x ** 2 - 2 * k * x + l - k;
  for (let i = 0; i < 200; i++) {
    const next = u - ((u ** 2 + l) * (u - k) - k * u) / slopeAt(u);
    if (!(next < u)) break;
    u = next;
  }
  return { u, slope: slopeAt(u) };
}

/**
 * A three-dimensional process that no quantum system of finite dimension generates: token 0 resets the state, tokens 1 and 2
 * dilate it by `alpha = e^logAlpha > 1` and by `beta < 1`. Before rescaling,
 * `T^0 = (1, 1, 0)^T (1, -1, -1)` and `T^v = [[v, 0, 0], [0, 1, 0], [0, ln v, 1]]` for `v = alpha, beta`; all three are divided
 * by the spectral radius `t` of their sum, so that `T w = w`.
 *
 * With `l = ln(alpha beta)` and `k = alpha + beta - 2`, `t = 2 + u` for the largest root `u` of `(u^2 + l)(u - k) = k u`. The
 * scale of the state is chosen so that the normalizer's middle entry is 1: `w = (1 + u + l/u, 1, l/u)`. Starts in its
 * stationary state, which is proportional to `(u, -(1 + k - u) u, k - u)`. Certificate `unchecked`.
 *
 * @throws InvalidArgumentError unless `0 < logAlpha <= 20` and `0 < beta < 1`, or if `alpha + beta` is 2
 * @example
 * ```ts
 * import { postQuantum, wordProbability } from "@semifactor/ghmm";
 *
 * const process = postQuantum({ logAlpha: Math.log(2.7), beta: 0.5 });
 * expect(process.normalizer[1]).toBe(1);
 * expect(wordProbability(process, [0])).toBeCloseTo(0.11426284645, 11);
 * ```
 *
 * Source: Fanizza, Lumbreras and Winter, "Quantum theory in finite dimension cannot explain every general process with finite
 * memory", Communications in Mathematical Physics 405 (2024).
 */
export function postQuantum({ logAlpha, beta }: { readonly logAlpha: number; readonly beta: number }): Process {
  const source = "postQuantum";
  checkParameters(source, PARAMETERS, { logAlpha, beta });
  const alpha = Math.exp(logAlpha);
  const k = alpha + beta - 2;
  if (k === 0) {
    throw new InvalidArgumentError({
      source,
      problem: `alpha + beta is 2, with alpha ${alpha} and beta ${beta}`,
      remedy: "Give logAlpha above 0 and at most 20 and beta above 0 and below 1 so that e^logAlpha + beta is not 2",
    });
  }
  const l = logAlpha + Math.log(beta);
  const { u, slope } = largestRoot(k, l);
  const dilation = (v: number, logarithm: number) => [
    [v, 0, 0],
    [0, 1, 0],
    [0, logarithm, 1],
  ];
  const reset = [
    [1, -1, -1],
    [1, -1, -1],
    [0, 0, 0],
  ];
  return createGhmm({
    operators: [reset, dilation(alpha, logAlpha), dilation(beta, Math.log(beta))].map((operator) =>
      operator.map((row) => row.map((value) => value / (2 + u))),
    ),
    normalizer: [1 + u + l / u, 1, l / u],
    // the product with w before the division is the slope of the polynomial
    initial: [u, -(1 + k - u) * u, k - u].map((value) => value / slope),
  });
}

/** The entry of {@link postQuantum} in the list of processes. */
export const postQuantumDescription = description({
  name: "postQuantum",
  summary: "A signed process of dimension three that no finite-dimensional quantum system generates",
  parameters: PARAMETERS,
  condition: "e^logAlpha + beta is not 2",
  alphabet: ["0", "1", "2"],
  states: ["dilated", "kept", "sheared"],
  create: postQuantum,
});
