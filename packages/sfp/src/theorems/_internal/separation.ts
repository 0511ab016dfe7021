import type { SemiFactoredProcess } from "../../structure/semi-factored.ts";

/** Tokens up to which all sets of tokens are tried. */
const MOST_TOKENS = 10;

/** `P(x | s)` of an HMM, row-major `[states, tokens]`. */
function emissionLaws(process: SemiFactoredProcess): Float64Array {
  const { stateDim, alphabet } = process;
  const laws = new Float64Array(stateDim * alphabet.length);
  alphabet.forEach((_, token) => {
    process.operator(token).forEach((value, i) => {
      const at = Math.floor(i / stateDim) * alphabet.length + token;
      laws[at] = (laws[at] ?? 0) + value;
    });
  });
  return laws;
}

/**
 * A bound `rho` of the affinity of any two blocks of an HMM: `sum_{|h| = t} sqrt(P_i(h) P_j(h)) <= rho^t`. If some set of tokens has
 * probability at least p in every state of one block and at most q < p in every state of the other, then
 * `sqrt(p q) + sqrt((1 - p)(1 - q))` is one for the two; without such a set it is 1.
 */
export function separationRate(process: SemiFactoredProcess): number {
  const { alphabet, partition, stateDim } = process;
  if (alphabet.length > MOST_TOKENS) return 1;
  const laws = emissionLaws(process);
  const blocks = partition.blocks.length;
  const rates = new Float64Array(blocks * blocks).fill(1);
  for (let set = 1; set < 2 ** alphabet.length - 1; set++) {
    const least = new Float64Array(blocks).fill(1);
    const most = new Float64Array(blocks);
    for (let s = 0; s < stateDim; s++) {
      let probability = 0;
      for (let x = 0; x < alphabet.length; x++) {
        if (((set >> x) & 1) === 1) probability += laws[s * alphabet.length + x] ?? 0;
      }
      const beta = partition.blockOf[s] ?? 0;
      least[beta] = Math.min(least[beta] ?? 1, probability);
      most[beta] = Math.max(most[beta] ?? 0, probability);
    }
    for (let pair = 0; pair < blocks * blocks; pair++) {
      const p = least[Math.floor(pair / blocks)] ?? 0;
      const q = most[pair % blocks] ?? 1;
      const rate = Math.sqrt(p * q) + Math.sqrt(Math.max(0, 1 - p) * Math.max(0, 1 - q));
      if (p > q) rates[pair] = Math.min(rates[pair] ?? 1, rate);
    }
  }
  let worst = 0;
  for (let i = 0; i < blocks; i++) {
    for (let j = 0; j < i; j++) worst = Math.max(worst, rates[i * blocks + j] ?? 1);
  }
  return worst;
}
