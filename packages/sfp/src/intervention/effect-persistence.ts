import type { Process } from "@semifactor/ghmm";
import { kroneckerVector, netOperator, vectorTimesMatrix } from "@semifactor/ghmm/internal";
import { bipartition } from "../structure/bipartition.ts";
import { marginalBelief } from "../structure/marginals.ts";
import type { Partition } from "../structure/partition.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { type ExpectedDecay, expectedDecay } from "./_internal/expected-decay.ts";
import { totalVariation } from "./_internal/token-part.ts";

export type { ExpectedDecay };

/** How large the effect of an intervention still is after `t` tokens that nobody looked at. */
export interface EffectPersistence {
  /** Total variation of the law of the target's token part at time t, with against without the intervention, `[horizon + 1]`. */
  readonly law: Float64Array;
  /** Half the sum of absolute differences of the target factor's belief, `[horizon + 1]`. */
  readonly factor: Float64Array;
  /** The same of the block weights, `[horizon + 1]`, in a semi-factored process: constant (T28). */
  readonly blocks?: Float64Array;
  /** Factor per step fitted to `law` by least squares of its logarithm; absent where fewer than two values exceed 1e-12. */
  readonly decay?: number;
  /**
   * What `factor` is by theory, where the net operator has a form that tells (T28): blocks of the target factor, `(1 - lambda)^visits` of
   * a leaky sector, `lambda_2^t` of a factor that mixes on its own.
   */
  readonly expected?: ExpectedDecay;
}

/** What {@link effectPersistence} takes. */
export interface PersistenceParts {
  readonly process: Process;
  readonly structure: TensorStructure;
  readonly factor: string;
  readonly partition?: Partition;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly horizon: number;
  /** Law of the target's token part. */
  law(belief: Float64Array): Float64Array;
}

/** `exp` of the slope of the line through `(t, log value)`. */
function fittedDecay(values: Float64Array): number | undefined {
  const points = Array.from(values, (value, t) => [t, Math.log(value)] as const).filter(([t]) => {
    return (values[t] ?? 0) > 1e-12;
  });
  if (points.length < 2) return undefined;
  const mean = (pick: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [t0, y0] = [mean(([t]) => t), mean(([, y]) => y)];
  const slope = mean(([t, y]) => (t - t0) * (y - y0)) / mean(([t]) => (t - t0) ** 2);
  return Math.exp(slope);
}

function blockLaw({ blockOf, blocks }: Partition, normalizer: Float64Array, belief: Float64Array): Float64Array {
  const weights = new Float64Array(blocks.length);
  blockOf.forEach((beta, s) => {
    weights[beta] = (weights[beta] ?? 0) + (belief[s] ?? 0) * (normalizer[s] ?? 0);
  });
  return weights;
}

/** Follows two beliefs through the net operator and compares what they say at every time. */
export function effectPersistence(parts: PersistenceParts): EffectPersistence {
  const { process, structure, factor, partition, before, after, horizon, law } = parts;
  const d = process.stateDim;
  const net = netOperator(
    process.alphabet.map((_, token) => process.operator(token)),
    d,
  );
  const curve = (): Float64Array => new Float64Array(horizon + 1);
  const [laws, factors, blocks] = [curve(), curve(), curve()] as const;
  let pair: readonly [Float64Array, Float64Array] = [before, after];
  const step = (belief: Float64Array): Float64Array => {
    const next = new Float64Array(d);
    vectorTimesMatrix(belief, net, d, next);
    return next;
  };
  for (let t = 0; t <= horizon; t++) {
    const compare = (of: (belief: Float64Array) => Float64Array): number => totalVariation(of(pair[0]), of(pair[1]));
    laws[t] = compare(law);
    factors[t] = compare((belief) => marginalBelief(structure, belief, [factor]));
    if (partition !== undefined) blocks[t] = compare((belief) => blockLaw(partition, process.normalizer, belief));
    pair = [step(pair[0]), step(pair[1])];
  }
  const decay = fittedDecay(laws);
  const expected = expectedOf(parts, net);
  return {
    law: laws,
    factor: factors,
    ...(partition === undefined ? {} : { blocks }),
    ...(decay === undefined ? {} : { decay }),
    ...(expected === undefined ? {} : { expected }),
  };
}

function expectedOf({ structure, factor, before, after, horizon }: PersistenceParts, net: Float64Array) {
  const { dimensions, order } = bipartition(structure, [factor]);
  const d = structure.stateDim;
  const arranged = Float64Array.from({ length: d * d }, (_, i) => {
    return net[(order[Math.floor(i / d)] ?? 0) * d + (order[i % d] ?? 0)] ?? 0;
  });
  const product = (own: boolean): Float64Array =>
    structure.factors
      .filter(({ name }) => (name === factor) === own)
      .reduce<Float64Array>((joint, { normalizer }) => kroneckerVector(joint, normalizer), Float64Array.of(1));
  return expectedDecay({
    dimensions,
    net: arranged,
    change: Float64Array.from(order, (s) => (after[s] ?? 0) - (before[s] ?? 0)),
    normalizers: [product(true), product(false)],
    horizon,
  });
}
