import {
  createHmm,
  createKey,
  mess3,
  type Process,
  sampleSequences,
  type TokenBatch,
  tensorProduct,
  tomQuantum,
  uniform,
  zeroOneRandom,
} from "@semifactor/ghmm";

/** A dense HMM whose rows over (token, next state) are drawn from the flat Dirichlet distribution. */
export function randomHmm(states: number, tokens: number): Process {
  const width = states * tokens;
  const draws = uniform(createKey(states), states * width);
  const rows = Array.from({ length: states }, (_, s) => {
    const weights = Array.from(draws.subarray(s * width, (s + 1) * width), (u) => -Math.log(u + 2 ** -24));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
  return createHmm({
    operators: Array.from({ length: tokens }, (_, x) => rows.map((row) => row.slice(x * states, (x + 1) * states))),
  });
}

export const theMess3 = (): Process => mess3({ x: 0.15, a: 0.6 });

/** Three Mess3 and two walks on the Bloch ball: 243 states and 432 tokens. */
export function largeProduct(): Process {
  const [hmm, walk] = [theMess3(), tomQuantum({ alpha: 1, beta: 3 })];
  return tensorProduct(hmm, hmm, hmm, walk, walk);
}

/** What filtering is measured on. */
export function filterCases(): readonly { readonly name: string; readonly process: Process }[] {
  const z1r = zeroOneRandom({ p: 0.5 });
  return [
    { name: "Mess3", process: theMess3() },
    { name: "Z1R x Z1R", process: tensorProduct(z1r, z1r) },
    { name: "dense random, d 9", process: randomHmm(9, 4) },
  ];
}

/** Sequences of the process itself. */
export const drawBatch = (
  process: Process,
  count: number,
  length: number,
): TokenBatch & { readonly tokens: Int32Array } => sampleSequences(process, { count, length, key: createKey(1) });
