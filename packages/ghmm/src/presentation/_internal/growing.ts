import { allocate } from "../../numeric/allocate.ts";

/** The arrays that columns are made of. */
interface Column<T> {
  readonly length: number;
  set(values: T, offset?: number): void;
}

/** `column` itself, or a copy of at least twice its length where it has no room for `size` entries. */
export function withRoom<T extends Column<T>>(
  source: string,
  ArrayType: new (length: number) => T,
  column: T,
  size: number,
): T {
  if (size <= column.length) return column;
  const larger = allocate(source, ArrayType, Math.max(size, 2 * column.length));
  larger.set(column);
  return larger;
}
