import { UnsupportedError } from "@semifactor/ghmm";
import { binomial } from "../../_internal/binomial.ts";
import { misalignedGivenPersona, type PersonaSegments } from "./definition.ts";

const LARGEST_COST = 2e8;

/** Joint weights of a history with the persona: `w[a] = P(counts, a)`. */
type Weights = readonly [number, number];

/** How often the contexts seen so far were visited (sorted), and the probability of that. */
interface VisitPattern {
  readonly visits: readonly number[];
  readonly probability: number;
}

/** A context for one more segment: how often it and the others were visited before. */
interface Choice {
  readonly current: number;
  readonly others: readonly number[];
  readonly probability: number;
}

/** P(k of n bits d are 1, b | a) without P(a): `[bit 0, bit 1]`, counting all orders. */
function countLaw(process: PersonaSegments, persona: 0 | 1, n: number, k: number): Weights {
  const { noise } = process;
  const one = misalignedGivenPersona(process, persona);
  const zero = persona === 1 ? (1 - process.sharing) * (1 - process.misaligned) : 1 - one;
  const orders = binomial(n, k);
  return [orders * zero * noise ** k * (1 - noise) ** (n - k), orders * one * (1 - noise) ** k * noise ** (n - k)];
}

/** Weights of every combination of counts in contexts that were visited `visits` times, beside the current one. */
function otherContexts(process: PersonaSegments, visits: readonly number[]): readonly Weights[] {
  let weights: Weights[] = [[1 - process.misaligned, process.misaligned]];
  for (const visit of visits) {
    const n = visit * process.emissions;
    const laws = Array.from({ length: n + 1 }, (_, k): Weights => {
      const [aligned0, misaligned0] = countLaw(process, 0, n, k);
      const [aligned1, misaligned1] = countLaw(process, 1, n, k);
      return [aligned0 + misaligned0, aligned1 + misaligned1];
    });
    weights = weights.flatMap(([w0, w1]) => laws.map(([l0, l1]): Weights => [w0 * l0, w1 * l1]));
  }
  return weights;
}

/** `-part log(part / whole)`, zero at zero. */
function surprise(part: number, whole: number): number {
  return part > 0 ? -part * Math.log(part / whole) : 0;
}

/** H(d | counts) at the `m`-th emission of a segment whose context was visited `visit` times before. */
function conditionalEntropy(process: PersonaSegments, others: readonly Weights[], visit: number, m: number): number {
  const n = visit * process.emissions + m;
  let entropy = 0;
  for (let k = 0; k <= n; k++) {
    const [aligned0, misaligned0] = countLaw(process, 0, n, k);
    const [aligned1, misaligned1] = countLaw(process, 1, n, k);
    for (const [w0, w1] of others) {
      const aligned = w0 * aligned0 + w1 * aligned1;
      const misaligned = w0 * misaligned0 + w1 * misaligned1;
      const one = aligned * process.noise + misaligned * (1 - process.noise);
      const zero = aligned * (1 - process.noise) + misaligned * process.noise;
      entropy += surprise(one, one + zero) + surprise(zero, one + zero);
    }
  }
  return entropy;
}

/** The patterns of one more segment: the current context is one of those seen (each with probability 1/J) or a new one. */
function nextVisits({ visits, probability }: VisitPattern, perSequence: number): readonly Choice[] {
  const fresh = {
    current: 0,
    others: visits,
    probability: (probability * (perSequence - visits.length)) / perSequence,
  };
  const again = visits.map((current, i) => ({
    current,
    others: visits.filter((_, j) => j !== i),
    probability: probability / perSequence,
  }));
  return [fresh, ...again].filter((choice) => choice.probability > 0);
}

/** Multiplications for the segment of a choice: each count of the context with every combination elsewhere, and its binomial. */
function choiceCost(emissions: number, current: number, others: readonly number[]): number {
  const combinations = others.reduce((product, visit) => product * (visit * emissions + 1), 1);
  const largest = (current + 1) * emissions;
  return emissions * largest * (combinations + largest);
}

/** The limit also keeps counts below 900, where binomial coefficients are far from overflowing. */
function checkCost(source: string, { segments, emissions }: PersonaSegments, cost: number): void {
  if (cost <= LARGEST_COST) return;
  throw new UnsupportedError({
    source,
    problem: `the exact alignment loss of ${segments} segments of ${emissions} emissions needs more than ${LARGEST_COST} terms`,
    remedy: "Use fewer segments or emissions, or average -log of the filter's predictive law over samples",
  });
}

/** Adds up what is equal: `key` names it, `probability` is summed. */
function merge<Item extends { readonly probability: number }>(
  items: readonly Item[],
  key: (item: Item) => string,
): Item[] {
  const merged = new Map<string, Item>();
  for (const item of items) {
    const known = merged.get(key(item));
    merged.set(key(item), { ...item, probability: item.probability + (known?.probability ?? 0) });
  }
  return [...merged.values()];
}

/** The choices of context in every segment, up to symmetry; throws if the loss over them is too large a sum. */
function listChoices(source: string, process: PersonaSegments): readonly (readonly Choice[])[] {
  let cost = 0;
  let patterns: readonly VisitPattern[] = [{ visits: [], probability: 1 }];
  return Array.from({ length: process.segments }, () => {
    const choices = merge(
      patterns.flatMap((pattern) => nextVisits(pattern, process.perSequence)),
      ({ current, others }) => `${current}|${others.join()}`,
    );
    for (const { current, others } of choices) cost += choiceCost(process.emissions, current, others);
    checkCost(source, process, cost);
    patterns = merge(
      choices.map(({ current, others, probability }) => ({
        visits: [...others, current + 1].sort((x, y) => x - y),
        probability,
      })),
      ({ visits }) => visits.join(),
    );
    return choices;
  });
}

/**
 * Bayes-optimal loss of the alignment bit by emission position, in nats, `[segments * emissions]`.
 *
 * `H(d_t | contexts, d_1 .. d_{t-1})`, exactly: bits in one context are exchangeable, so a history is a count per context, and contexts
 * matter only through how often each was visited.
 *
 * @throws UnsupportedError in the name of `source` if the sum is too large
 */
export function alignmentLoss(process: PersonaSegments, source = "personaSegmentsOptimalLoss"): Float64Array {
  const { segments, emissions } = process;
  const loss = new Float64Array(segments * emissions);
  listChoices(source, process).forEach((choices, s) => {
    for (const { current, others, probability } of choices) {
      const weights = otherContexts(process, others);
      for (let m = 0; m < emissions; m++) {
        const at = s * emissions + m;
        loss[at] = (loss[at] ?? 0) + probability * conditionalEntropy(process, weights, current, m);
      }
    }
  });
  return loss;
}

/** Mean over positions of {@link alignmentLoss}. */
export function meanAlignmentLoss(process: PersonaSegments, source?: string): number {
  const loss = alignmentLoss(process, source);
  return loss.reduce((sum, value) => sum + value, 0) / loss.length;
}
