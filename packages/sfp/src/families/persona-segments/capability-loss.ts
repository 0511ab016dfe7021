import { UnsupportedError } from "@semifactor/ghmm";
import { binomial } from "../../_internal/binomial.ts";
import type { PersonaSegments, PhaseRates } from "./definition.ts";

const LARGEST_COST = 4e9;
const LARGEST_HISTORIES = 2 ** 22;
const LARGEST_MEMORY = 64;

/** The parts of a process that the capability loss depends on. */
export type CapabilityPart = Pick<PersonaSegments, "contexts" | "perSequence" | "segments" | "emissions" | "rates">;

/** Contexts whose capability bits differ at most by a renaming of y: they give the same loss wherever they stand. */
interface ContextClass {
  readonly rates: PhaseRates;
  readonly size: number;
}

/**
 * Likelihoods of the histories of the first m emissions of a segment, histories with equal likelihoods merged.
 * `vectors[3 j + phase]` is P(history j | phase at the start of the segment), `orders[j]` how many histories it stands for.
 */
interface PrefixTable {
  readonly vectors: Float64Array;
  readonly orders: Float64Array;
}

function contextClasses(rates: readonly PhaseRates[]): readonly ContextClass[] {
  const classes: { rates: PhaseRates; size: number }[] = [];
  const close = (left: PhaseRates, right: PhaseRates, flip: boolean) =>
    left.every((rate, s) => Math.abs(rate - (flip ? 1 - (right[s] ?? 0) : (right[s] ?? 0))) < 1e-14);
  for (const row of rates) {
    const twin = classes.find((known) => close(known.rates, row, false) || close(known.rates, row, true));
    if (twin === undefined) classes.push({ rates: row, size: 1 });
    else twin.size++;
  }
  return classes;
}

/** Emissions i < m with i mod 3 = residue. */
function residueCount(m: number, residue: number): number {
  return Math.floor((m + 2 - residue) / 3);
}

/** Histories in the table of a prefix of m emissions. */
function prefixSize(m: number): number {
  return [0, 1, 2].reduce((product, residue) => product * (residueCount(m, residue) + 1), 1);
}

function prefixTable(rates: PhaseRates, m: number): PrefixTable {
  const counts = [0, 1, 2].map((residue) => residueCount(m, residue));
  const size = prefixSize(m);
  const vectors = new Float64Array(3 * size).fill(1);
  const orders = new Float64Array(size).fill(1);
  for (let j = 0; j < size; j++) {
    let rest = j;
    counts.forEach((n, residue) => {
      const ones = rest % (n + 1);
      rest = Math.floor(rest / (n + 1));
      orders[j] = (orders[j] ?? 0) * binomial(n, ones);
      for (let start = 0; start < 3; start++) {
        const rate = rates[(start + residue) % 3] ?? 0;
        vectors[3 * j + start] = (vectors[3 * j + start] ?? 0) * rate ** ones * (1 - rate) ** (n - ones);
      }
    });
  }
  return { vectors, orders };
}

/** Probability of every sequence of `depth` classes, index base `classes.length`, under the J-of-K law of the contexts. */
function classSequenceLaw(part: CapabilityPart, classes: readonly ContextClass[], depth: number): Float64Array {
  const { contexts, perSequence } = part;
  const law = new Float64Array(classes.length ** depth);
  const used = new Int32Array(classes.length);
  const visit = (left: number, index: number, distinct: number, probability: number): void => {
    if (probability === 0) return;
    if (left === 0) {
      law[index] = (law[index] ?? 0) + probability;
      return;
    }
    const fresh = distinct < contexts ? (perSequence - distinct) / perSequence / (contexts - distinct) : 0;
    classes.forEach(({ size }, k) => {
      const seen = used[k] ?? 0;
      visit(left - 1, index * classes.length + k, distinct, (probability * seen) / perSequence);
      used[k] = seen + 1;
      visit(left - 1, index * classes.length + k, distinct + 1, probability * (size - seen) * fresh);
      used[k] = seen;
    });
  };
  visit(depth, 0, 0, 1);
  return law;
}

/**
 * `-sum Q log Q` over the histories of `past` followed by those of `table`. `past` holds P(history, phase) for `size` histories by phase at
 * the start of the present segment, and how many histories each stands for.
 */
function blockEntropy(past: Float64Array, pastOrders: Float64Array, size: number, table: PrefixTable): number {
  const { vectors, orders } = table;
  let entropy = 0;
  for (let j = 0; j < orders.length; j++) {
    const v0 = vectors[3 * j] ?? 0;
    const v1 = vectors[3 * j + 1] ?? 0;
    const v2 = vectors[3 * j + 2] ?? 0;
    let partial = 0;
    for (let i = 0; i < size; i++) {
      const q = (past[3 * i] ?? 0) * v0 + (past[3 * i + 1] ?? 0) * v1 + (past[3 * i + 2] ?? 0) * v2;
      if (q > 0) partial -= (pastOrders[i] ?? 0) * q * Math.log(q);
    }
    entropy += (orders[j] ?? 0) * partial;
  }
  return entropy;
}

/** Appends a whole segment: every history of `past` times every history of `table`, by phase at the start of the next segment. */
function extend(
  past: { readonly joint: Float64Array; readonly orders: Float64Array },
  size: number,
  table: PrefixTable,
  emissions: number,
  next: { readonly joint: Float64Array; readonly orders: Float64Array },
): void {
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < table.orders.length; j++) {
      for (let phase = 0; phase < 3; phase++) {
        next.joint[3 * at + ((phase + emissions) % 3)] =
          (past.joint[3 * i + phase] ?? 0) * (table.vectors[3 * j + phase] ?? 0);
      }
      next.orders[at++] = (past.orders[i] ?? 0) * (table.orders[j] ?? 0);
    }
  }
}

/** Throws if there are too many terms to add, or too many histories of all segments but the last to hold. */
function checkCost(part: CapabilityPart, classes: number): void {
  const whole = prefixSize(part.emissions);
  let prefixes = 0;
  for (let m = 1; m <= part.emissions; m++) prefixes += prefixSize(m);
  let cost = 0;
  for (let s = 0; s < part.segments; s++) cost += classes ** (s + 1) * whole ** s * prefixes;
  if (cost <= LARGEST_COST && whole ** (part.segments - 1) <= LARGEST_HISTORIES) return;
  throw new UnsupportedError({
    source: "personaSegmentsOptimalLoss",
    problem: `the exact capability loss of ${part.contexts} contexts, ${part.segments} segments and ${part.emissions} emissions needs ${cost.toExponential(1)} terms`,
    remedy:
      "Use fewer segments, emissions or distinct rates, or average -log of the filter's predictive law over samples",
  });
}

function computeCapabilityLoss(part: CapabilityPart): Float64Array {
  const { segments, emissions, rates } = part;
  const classes = contextClasses(rates);
  checkCost(part, classes.length);
  const tables = classes.map((one) => Array.from({ length: emissions }, (_, m) => prefixTable(one.rates, m + 1)));
  const whole = prefixSize(emissions);
  const laws = Array.from({ length: segments }, (_, s) => classSequenceLaw(part, classes, s + 1));
  const histories = Array.from({ length: segments }, (_, s) => ({
    joint: new Float64Array(3 * whole ** s).fill(1 / 3),
    orders: new Float64Array(whole ** s).fill(1),
  }));
  const entropy = new Float64Array(segments * emissions);

  const descend = (s: number, index: number): void => {
    const past = histories[s];
    if (past === undefined) return;
    tables.forEach((prefixes, k) => {
      const here = index * classes.length + k;
      const probability = laws[s]?.[here] ?? 0;
      if (probability === 0) return;
      prefixes.forEach((table, m) => {
        const at = s * emissions + m;
        entropy[at] = (entropy[at] ?? 0) + probability * blockEntropy(past.joint, past.orders, whole ** s, table);
      });
      const next = histories[s + 1];
      const full = prefixes[emissions - 1];
      if (next === undefined || full === undefined) return;
      extend(past, whole ** s, full, emissions, next);
      descend(s + 1, here);
    });
  };
  descend(0, 0);
  return entropy.map((value, t) => value - (t === 0 ? 0 : (entropy[t - 1] ?? 0)));
}

const memory = new Map<string, Float64Array>();

/**
 * Bayes-optimal loss of the capability bit by emission position, in nats, `[segments * emissions]`.
 *
 * `H(y_t | contexts, y_1 .. y_{t-1}) = H(y_1 .. y_t | contexts) - H(y_1 .. y_{t-1} | contexts)`, exactly. Merged on the way: emissions three
 * apart in a segment see the same phase, so only their number of ones counts; contexts whose rates are equal, or complementary in every
 * phase, are one class. Remembers the last results, since every noise and sharing has the same.
 */
export function capabilityLoss(part: CapabilityPart): Float64Array {
  const key = JSON.stringify([part.perSequence, part.segments, part.emissions, part.rates]);
  let loss = memory.get(key);
  if (loss === undefined) {
    loss = computeCapabilityLoss(part);
    if (memory.size >= LARGEST_MEMORY) memory.clear();
    memory.set(key, loss);
  }
  return loss.slice();
}
