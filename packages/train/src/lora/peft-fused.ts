import { type LoraAdapter, loraScaling } from "../model/lora-adapter.ts";
import type { WeightArray } from "../model/transformer.ts";

/** A low-rank update s A B in our orientation: A [nIn, rank], B [rank, nOut]. */
export interface LowRankUpdate extends Pick<LoraAdapter, "rank" | "alpha" | "rsLora"> {
  readonly a: WeightArray;
  readonly b: WeightArray;
}

/** Where one of the layers of a fused module writes: columns `offset` to `offset + nOut`. */
export interface FusedPlace {
  readonly offset: number;
  readonly nOut: number;
}

/** alpha of an update of this rank whose scaling is s. */
export function alphaOf(scaling: number, { rank, rsLora }: Pick<LoraAdapter, "rank" | "rsLora">): number {
  return scaling * (rsLora ? Math.sqrt(rank) : rank);
}

function isSame(a: WeightArray, b: WeightArray): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/**
 * Updates of layers that read the same input and lie side by side in one module, as one update of the module [nIn, nOut].
 *
 * Where they share A, rank and scaling (as after {@link splitUpdate}), B is put together and the rank stays. Otherwise the result has the sum of their ranks: A has
 * their columns side by side, B is block-diagonal, with the ratios of the scalings folded into its blocks.
 */
export function fuseUpdates(
  parts: readonly (LowRankUpdate & FusedPlace)[],
  sizes: { readonly nIn: number; readonly nOut: number },
): LowRankUpdate {
  const { nIn, nOut } = sizes;
  const [first] = parts;
  if (first === undefined) throw new RangeError("no updates");
  const scalings = parts.map(loraScaling);
  const scaling = scalings.find((one) => one !== 0) ?? 0;
  const shared = parts.every(
    (one, p) => scalings[p] === scalings[0] && one.rank === first.rank && isSame(one.a, first.a),
  );
  const rank = shared ? first.rank : parts.reduce((sum, one) => sum + one.rank, 0);
  const a = shared ? first.a : new Float64Array(nIn * rank);
  const b = new Float64Array(rank * nOut);
  let above = 0;
  for (const [p, part] of parts.entries()) {
    const ratio = scalings[p] === scaling ? 1 : (scalings[p] ?? 0) / scaling;
    for (let r = 0; r < part.rank; r++) {
      if (!shared) {
        for (let i = 0; i < nIn; i++) a[i * rank + above + r] = part.a[i * part.rank + r] ?? Number.NaN;
      }
      for (let o = 0; o < part.nOut; o++) {
        b[(above + r) * nOut + part.offset + o] = ratio * (part.b[r * part.nOut + o] ?? Number.NaN);
      }
    }
    if (!shared) above += part.rank;
  }
  const { rsLora } = first;
  const alpha = rank === first.rank && scaling === scalings[0] ? first.alpha : alphaOf(scaling, { rank, rsLora });
  return { rank, alpha, rsLora, a, b };
}

/**
 * The update of a fused module as one of each of its layers, undefined where it changes nothing there. Components whose B is 0 on a layer are left out of it, so that what
 * {@link fuseUpdates} put together comes apart again; an update whose B is 0 everywhere, as a fresh one, stays whole on every layer.
 */
export function splitUpdate(
  { rank, alpha, rsLora, a, b }: LowRankUpdate,
  nIn: number,
  places: readonly FusedPlace[],
): readonly (LowRankUpdate | undefined)[] {
  const nOut = b.length / rank;
  const fresh = b.every((value) => value === 0);
  return places.map(({ offset, nOut: width }) => {
    const rows = Array.from({ length: rank }, (_, r) => b.slice(r * nOut + offset, r * nOut + offset + width));
    const kept = [...rows.keys()].filter((r) => fresh || rows[r]?.some((value) => value !== 0));
    if (kept.length === 0) return undefined;
    const scaling = loraScaling({ rank, alpha, rsLora });
    const own = new Float32Array(nIn * kept.length);
    for (let i = 0; i < nIn; i++) {
      for (const [k, r] of kept.entries()) own[i * kept.length + k] = a[i * rank + r] ?? Number.NaN;
    }
    return {
      rank: kept.length,
      alpha: kept.length === rank ? alpha : alphaOf(scaling, { rank: kept.length, rsLora }),
      rsLora,
      a: own,
      b: Float32Array.from(kept.flatMap((r) => [...(rows[r] ?? [])])),
    };
  });
}
