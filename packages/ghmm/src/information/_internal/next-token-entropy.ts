import { emissionVectors } from "../../belief/update.ts";
import { dot } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";

/** The entropy in nats of the next token, as a function of the belief. */
export function nextTokenEntropy(process: Process): (belief: Float64Array) => number {
  const emission = emissionVectors(process);
  return (belief) => {
    let sum = 0;
    for (const vector of emission) {
      const probability = dot(belief, vector);
      if (probability > 0) sum -= probability * Math.log(probability);
    }
    return sum;
  };
}
