import { type EntropyOptions, unitsPerNat } from "../numeric/entropy.ts";
import { InvalidArgumentError, NotNormalizedError, ShapeError, UnsupportedError } from "../numeric/errors.ts";

/** Largest deviation of the sum of probabilities from one. */
const TOLERANCE = 1e-9;
/** Most variables, and most probabilities in all marginals together, of which the co-information is a sum. */
const MOST_VARIABLES = 24;
const MOST_ENTRIES = 2 ** 28;

/** Entropies of all marginals of one joint distribution, in the unit asked for. */
interface Joint {
  readonly variables: number;
  readonly joint: Float64Array;
  /** Units per nat. */
  readonly scale: number;
  /** Entropy of the variables in a set. */
  entropy(set: ReadonlySet<number>): number;
}

function checkShape(source: string, p: ArrayLike<number>, shape: readonly number[]): void {
  const sizes = shape.every((size) => Number.isInteger(size) && size > 0);
  const cells = shape.reduce((product, size) => product * size, 1);
  if (sizes && shape.length > 0 && shape.length <= MOST_VARIABLES && cells === p.length) return;
  throw new ShapeError({
    source,
    problem: `${p.length} probabilities for shape [${shape.join(", ")}]`,
    remedy: `Give one probability for every joint outcome of 1 to ${MOST_VARIABLES} variables, the last variable fastest`,
  });
}

function checkDistribution(source: string, p: ArrayLike<number>): void {
  let total = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i] ?? Number.NaN;
    if (!(value >= 0 && value <= 1 + TOLERANCE)) {
      throw new InvalidArgumentError({ source, problem: `p[${i}] is ${value}`, remedy: "Give probabilities" });
    }
    total += value;
  }
  if (Math.abs(total - 1) <= TOLERANCE) return;
  throw new NotNormalizedError({ source, problem: `the probabilities sum to ${total}`, remedy: "Divide them by it" });
}

/** The marginal without one variable of `size` outcomes, `[before, size, after]` to `[before, after]`. */
function sumOut(p: Float64Array, size: number, after: number): Float64Array {
  const out = new Float64Array(p.length / size);
  for (let start = 0, at = 0; start < p.length; start += size * after, at += after) {
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < after; i++) out[at + i] = (out[at + i] ?? 0) + (p[start + k * after + i] ?? 0);
    }
  }
  return out;
}

/** In nats. */
function entropyOf(p: Float64Array): number {
  let sum = 0;
  for (const value of p) if (value > 0) sum -= value * Math.log(value);
  return sum;
}

function readJoint(source: string, p: ArrayLike<number>, shape: readonly number[], options: EntropyOptions): Joint {
  const scale = unitsPerNat(source, options.unit ?? "bits");
  checkShape(source, p, shape);
  checkDistribution(source, p);
  const joint = Float64Array.from(p);
  return {
    variables: shape.length,
    joint,
    scale,
    entropy(set) {
      let marginal: Float64Array = joint;
      let after = 1;
      for (let v = shape.length - 1; v >= 0; v--) {
        const size = shape[v] ?? 1;
        if (set.has(v)) after *= size;
        else marginal = sumOut(marginal, size, after);
      }
      return entropyOf(marginal) * scale;
    },
  };
}

/** `sum_A (-1)^|A| H[X_A]` over all sets of variables, those after `v` undecided: each marginal is made from a larger one. */
function alternatingSum(p: Float64Array, shape: readonly number[], v: number, kept: number): number {
  const size = shape[v];
  if (size === undefined) return (kept % 2 === 0 ? 1 : -1) * entropyOf(p);
  const after = shape.slice(v + 1).reduce((product, n) => product * n, 1);
  return alternatingSum(p, shape, v + 1, kept + 1) + alternatingSum(sumOut(p, size, after), shape, v + 1, kept);
}

const everything = ({ variables }: Joint): number[] => Array.from({ length: variables }, (_, v) => v);

/**
 * Total correlation `sum_i H[X_i] - H[X_1 .. X_n]` of a joint distribution, in bits unless `unit` says nats: zero if and only if the
 * variables are independent.
 *
 * @param p - joint probabilities, row-major `shape`, the last variable fastest
 * @param shape - number of outcomes of each variable, 24 variables at most
 * @throws ShapeError if `p` has another number of entries than `shape` says
 * @throws InvalidArgumentError if an entry is negative or not finite
 * @throws NotNormalizedError if the entries do not sum to one
 * @example
 * ```ts
 * import { totalCorrelation } from "@semifactor/ghmm";
 *
 * expect(totalCorrelation([0.5, 0, 0, 0.5], [2, 2])).toBeCloseTo(1, 12);
 * ```
 * Source: Watanabe, Information theoretical analysis of multivariate correlation, IBM Journal 4 (1960).
 */
export function totalCorrelation(p: ArrayLike<number>, shape: readonly number[], options: EntropyOptions = {}): number {
  const joint = readJoint("totalCorrelation", p, shape, options);
  const all = everything(joint);
  return all.reduce((sum, v) => sum + joint.entropy(new Set([v])), -joint.entropy(new Set(all)));
}

/**
 * Co-information `-sum_A (-1)^|A| H[X_A]` over all non-empty sets `A` of variables, in bits unless `unit` says nats; for two
 * variables it is their mutual information, and for more it can be negative.
 *
 * @param p - joint probabilities, row-major `shape`, the last variable fastest
 * @param shape - number of outcomes of each variable, 24 variables at most
 * @throws ShapeError if `p` has another number of entries than `shape` says
 * @throws InvalidArgumentError if an entry is negative or not finite
 * @throws NotNormalizedError if the entries do not sum to one
 * @throws UnsupportedError if the marginals of all sets have more than 2^28 probabilities: 17 variables of two outcomes are possible
 * @example
 * ```ts
 * import { coInformation } from "@semifactor/ghmm";
 *
 * const xor = [1, 0, 0, 1, 0, 1, 1, 0].map((even) => even / 4);
 * expect(coInformation(xor, [2, 2, 2])).toBeCloseTo(-1, 12);
 * ```
 * Source: Bell, The co-information lattice, ICA (2003).
 */
export function coInformation(p: ArrayLike<number>, shape: readonly number[], options: EntropyOptions = {}): number {
  const { joint, scale } = readJoint("coInformation", p, shape, options);
  const entries = shape.reduce((product, size) => product * (size + 1), 1);
  if (entries > MOST_ENTRIES) {
    throw new UnsupportedError({
      source: "coInformation",
      problem: `the marginals of shape [${shape.join(", ")}] have ${entries} probabilities`,
      remedy: `Give fewer variables: the product of all numbers of outcomes, each plus one, is at most ${MOST_ENTRIES}`,
    });
  }
  return -alternatingSum(joint, shape, 0, 0) * scale;
}

/**
 * O-information `(n - 2) H[X] + sum_i (H[X_i] - H[X without X_i])`, in bits unless `unit` says nats: positive where redundancy
 * outweighs synergy, negative where synergy does.
 *
 * @param p - joint probabilities, row-major `shape`, the last variable fastest
 * @param shape - number of outcomes of each variable, 24 variables at most
 * @throws ShapeError if `p` has another number of entries than `shape` says
 * @throws InvalidArgumentError if an entry is negative or not finite
 * @throws NotNormalizedError if the entries do not sum to one
 * @example
 * ```ts
 * import { oInformation } from "@semifactor/ghmm";
 *
 * const copies = [0.5, 0, 0, 0, 0, 0, 0, 0.5];
 * expect(oInformation(copies, [2, 2, 2])).toBeCloseTo(1, 12);
 * ```
 * Source: Rosas, Mediano, Gastpar and Jensen, Quantifying high-order interdependencies, Physical Review E 100 (2019).
 */
export function oInformation(p: ArrayLike<number>, shape: readonly number[], options: EntropyOptions = {}): number {
  const joint = readJoint("oInformation", p, shape, options);
  const all = everything(joint);
  return all.reduce(
    (sum, v) => sum + joint.entropy(new Set([v])) - joint.entropy(new Set(all.filter((other) => other !== v))),
    (all.length - 2) * joint.entropy(new Set(all)),
  );
}

/** Three sets of variables, by their positions in `shape`. */
export interface VariableSets {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Empty by default. */
  readonly given?: readonly number[];
}

/**
 * Conditional mutual information `I[X; Y | Z] = H[XZ] + H[YZ] - H[XYZ] - H[Z]` between sets of variables, in bits unless `unit` says
 * nats; variables named in no set are summed out.
 *
 * @param p - joint probabilities, row-major `shape`, the last variable fastest
 * @param shape - number of outcomes of each variable, 24 variables at most
 * @throws ShapeError if `p` has another number of entries than `shape` says
 * @throws InvalidArgumentError if an entry is negative or not finite, or a set names no variable of the joint distribution
 * @throws NotNormalizedError if the entries do not sum to one
 * @example
 * ```ts
 * import { conditionalMutualInformation } from "@semifactor/ghmm";
 *
 * const xor = [1, 0, 0, 1, 0, 1, 1, 0].map((even) => even / 4);
 * expect(conditionalMutualInformation(xor, [2, 2, 2], { x: [0], y: [1] })).toBeCloseTo(0, 12);
 * expect(conditionalMutualInformation(xor, [2, 2, 2], { x: [0], y: [1], given: [2] })).toBeCloseTo(1, 12);
 * ```
 * Source: Cover and Thomas, Elements of Information Theory, section 2.5.
 */
export function conditionalMutualInformation(
  p: ArrayLike<number>,
  shape: readonly number[],
  { x, y, given = [] }: VariableSets,
  options: EntropyOptions = {},
): number {
  const source = "conditionalMutualInformation";
  const joint = readJoint(source, p, shape, options);
  for (const v of [...x, ...y, ...given]) {
    if (Number.isInteger(v) && v >= 0 && v < joint.variables) continue;
    throw new InvalidArgumentError({
      source,
      problem: `variable ${v} is named`,
      remedy: `Name variables from 0 to ${joint.variables - 1}`,
    });
  }
  const entropy = (...parts: readonly (readonly number[])[]): number => joint.entropy(new Set(parts.flat()));
  return entropy(x, given) + entropy(y, given) - entropy(x, y, given) - entropy(given);
}
