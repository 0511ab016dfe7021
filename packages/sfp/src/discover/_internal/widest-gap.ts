/** A ratio of neighbouring values below this is no gap. */
const LEAST_RATIO = 3;

/**
 * Where ascending values jump: the place of the widest gap, by ratio, of those that begin at or below `noise`.
 *
 * @param values - ascending; the first counts as zero whatever it is
 * @returns how many come before the gap, and their largest with the first after it; the first alone if no such gap has a ratio of 3
 */
export function widestGap(
  values: ArrayLike<number>,
  noise: number,
): { readonly count: number; readonly inside: number; readonly outside: number } {
  let [count, widest] = [1, LEAST_RATIO];
  for (let k = 2; k < values.length; k++) {
    const [inside = 0, outside = 0] = [values[k - 1], values[k]];
    if (inside > noise || outside < widest * inside) continue;
    [count, widest] = [k, outside / inside];
  }
  return { count, inside: values[count - 1] ?? 0, outside: values[count] ?? Number.POSITIVE_INFINITY };
}
