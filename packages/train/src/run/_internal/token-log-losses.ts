import { filterBeliefs, type Process } from "@semifactor/ghmm";

/** Numbers of beliefs that are kept at once. */
const mostElements = 2 ** 20;

/**
 * -ln P(x_t | x_0 .. x_{t-1}) of every token of sequences of a process, `[count, length]` in nats: what a predictor that knows the process loses. A few sequences at a time, so
 * that beliefs of large processes fit into memory.
 *
 * @throws ZeroProbabilityError if a sequence is impossible
 */
export function tokenLogLosses(process: Process, tokens: Int32Array, length: number): Float64Array {
  const losses = new Float64Array(tokens.length);
  const chunk = length * Math.max(1, Math.floor(mostElements / ((length + 1) * process.stateDim)));
  for (let first = 0; first < tokens.length; first += chunk) {
    const part = tokens.subarray(first, first + chunk);
    const { probabilities } = filterBeliefs(process, { tokens: part, count: part.length / length, length });
    for (let i = 0; i < probabilities.length; i++) losses[first + i] = -Math.log(probabilities[i] ?? Number.NaN);
  }
  return losses;
}
