import type { RotaryScaling, TransformerConfig } from "../../model/config.ts";

/** Frequency of a pair (radians per position) after the scaling for long contexts. */
function scaled(frequency: number, scaling: RotaryScaling | null): number {
  if (scaling === null) return frequency;
  const { factor } = scaling;
  if (scaling.kind === "linear") return frequency / factor;
  const { lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
  const turns = (originalContext * frequency) / (2 * Math.PI);
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const share = (turns - low) / (high - low);
  return ((1 - share) * frequency) / factor + share * frequency;
}

/** Cosines, then sines, of the angles t base^(-2 i / rotaryDim) of the first `length` positions t, [length, rotaryDim] (Su et al. 2021). */
export function rotaryTable(
  config: Pick<TransformerConfig, "rotaryDim" | "rotaryBase" | "rotaryScaling">,
  length: number,
): Float64Array {
  const { rotaryDim, rotaryBase, rotaryScaling } = config;
  const pairs = rotaryDim / 2;
  const table = new Float64Array(length * rotaryDim);
  for (let i = 0; i < pairs; i++) {
    const frequency = scaled(rotaryBase ** (-i / pairs), rotaryScaling);
    for (let t = 0; t < length; t++) {
      table[t * rotaryDim + i] = Math.cos(t * frequency);
      table[t * rotaryDim + pairs + i] = Math.sin(t * frequency);
    }
  }
  return table;
}
