/** A value as JSON with sorted keys, so that equal values give equal text whatever the order they were built in. */
export function stableJson(value: unknown): string {
  const sort = (_key: string, item: unknown): unknown => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  };
  return `${JSON.stringify(value, sort, 2)}\n`;
}
