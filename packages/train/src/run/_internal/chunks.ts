import { ShapeError } from "@semifactor/ghmm";

/** Sequences per execution: enough for every shard to have work, few enough for the arena to stay small. */
const largestChunk = 64;

/** A part of the sequences: those from `first` on, `count` of them. */
export interface Chunk {
  readonly first: number;
  readonly count: number;
}

/** Sequences in every execution and the chunks to execute; the last may be shorter and is padded by the caller. */
export function chunks(sequences: number): { readonly batch: number; readonly chunks: readonly Chunk[] } {
  const batch = Math.min(sequences, largestChunk);
  const parts = Array.from({ length: Math.ceil(sequences / batch) }, (_, i) => ({
    first: i * batch,
    count: Math.min(batch, sequences - i * batch),
  }));
  return { batch, chunks: parts };
}

/** Number of rows of `width` in a flat array. */
export function rowCount(source: string, what: string, elements: number, width: number): number {
  if (elements > 0 && elements % width === 0) return elements / width;
  throw new ShapeError({
    source,
    problem: `${what} has ${elements} elements for rows of ${width}`,
    remedy: "Give a positive number of whole rows",
  });
}
