/**
 * A value as JSON with sorted keys and a line break at its end, so that equal values give equal text whatever the order in which they were built: for files that are
 * compared, and for digests.
 *
 * @param indent - spaces per level; 0 puts all on one line
 * @throws TypeError, as `JSON.stringify`, if the value holds a bigint
 * @example
 * ```ts
 * import { stableJson } from "@semifactor/train/node";
 *
 * expect(stableJson({ b: 1, a: [2] }, 0)).toBe('{"a":[2],"b":1}\n');
 * expect(stableJson({ b: 1, a: [2] })).toBe(stableJson({ a: [2], b: 1 }));
 * ```
 */
export function stableJson(value: unknown, indent = 2): string {
  const sort = (_key: string, item: unknown): unknown => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  };
  return `${JSON.stringify(value, sort, indent)}\n`;
}
