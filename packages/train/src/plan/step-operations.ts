import type { TransformerConfig } from "../model/config.ts";
import { linearLayers } from "../model/parameters.ts";

/**
 * Floating-point operations of the matrix products of one training step (forward, and twice that backward): 6 rows (sum of nIn nOut over linear layers), and for
 * attention 6 rows length nHeads dHead per layer, half of what it would be without causality.
 */
export function stepOperations({
  config,
  batch,
  length,
}: {
  readonly config: TransformerConfig;
  readonly batch: number;
  readonly length: number;
}): number {
  const rows = batch * length;
  const weights = linearLayers(config).reduce((sum, { nIn, nOut }) => sum + nIn * nOut, 0);
  const attention = config.nLayers * config.nHeads * config.dHead * length;
  return 6 * rows * (weights + attention);
}
