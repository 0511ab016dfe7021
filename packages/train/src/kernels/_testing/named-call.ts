import { createKey, normal } from "@semifactor/ghmm";
import { type KernelName, kernelSignatures } from "../index.ts";
import { referenceKernels } from "../reference.ts";

/** Arrays by argument name, as a small arena: reads and writes by name, kernels called by name. */
export interface NamedArena {
  readonly arena: Float64Array;
  values(name: string): Float64Array;
  /** Calls a kernel: buffer arguments by name (0 where there is no such array), the others from `numbers`. */
  call(kernel: KernelName, numbers: Readonly<Record<string, number>>): void;
}

/** Lays out arrays of these lengths after the reserved words. */
export function namedArena(lengths: Readonly<Record<string, number>>): NamedArena {
  const offsets = new Map<string, number>();
  let end = 16;
  for (const [name, length] of Object.entries(lengths)) {
    offsets.set(name, end);
    end += length;
  }
  const arena = new Float64Array(end);
  return {
    arena,
    values(name) {
      const start = offsets.get(name) ?? Number.NaN;
      return arena.subarray(start, start + (lengths[name] ?? 0));
    },
    call(kernel, numbers) {
      const run: (memory: Float64Array, ...args: readonly number[]) => void = referenceKernels[kernel];
      run(
        arena,
        ...kernelSignatures[kernel].args.map(([name, kind]) =>
          kind === "buffer" ? (offsets.get(name) ?? 0) : (numbers[name] ?? 0),
        ),
      );
    },
  };
}

/** Fills an array with standard normal draws. */
export function fillNormal(array: Float64Array, seed: number): void {
  array.set(normal(createKey(seed), array.length));
}

/** Largest |difference| over (1 + |expected|). */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) {
    const want = expected[i] ?? Number.NaN;
    const error = Math.abs((actual[i] ?? Number.NaN) - want) / (1 + Math.abs(want));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }
  return worst;
}

/** Central finite differences of `loss` in every element of `array`. */
export function finiteDifferences(array: Float64Array, loss: () => number, step = 1e-5): Float64Array {
  return array.map((value, i) => {
    array[i] = value + step;
    const up = loss();
    array[i] = value - step;
    const down = loss();
    array[i] = value;
    return (up - down) / (2 * step);
  });
}
