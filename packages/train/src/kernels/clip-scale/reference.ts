import { type Arena, at } from "../_internal/arena.ts";
import { scalarIndex } from "../_internal/optimizer-scalars.ts";

/** Global norm and the factor min(1, clip / (norm + 1e-6)) that clips it (1 when clip <= 0), both written into `scalars`. */
export function clipScale(arena: Arena, sumsq: number, scalars: number): void {
  const norm = Math.sqrt(at(arena, sumsq));
  const clip = at(arena, scalars + scalarIndex.clip);
  arena[scalars + scalarIndex.gradientNorm] = norm;
  arena[scalars + scalarIndex.clipScale] = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
}
