import type { Engine } from "../engine.ts";

/** How far an engine may be from the float64 reference. */
export interface Tolerances {
  /** Of a kernel: absolute, and relative to the largest element of the buffer. */
  readonly kernel: number;
  /** Of losses, logits, captured activations and gradients. */
  readonly model: number;
}

/** One thing that every engine must do; it runs without a test runner, hence in a browser page too. */
export interface EngineCheck {
  readonly name: string;
  /** Rejects, with the numbers, where the engine is wrong. */
  run(engine: Engine, tolerances: Tolerances): Promise<void>;
}

/** Throws unless the arrays agree to `tolerance`, absolute and relative to the largest expected value; 0 asks for equal numbers. */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what} has ${actual.length} elements instead of ${expected.length}`);
  }
  let largest = 1;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] ?? Number.NaN, expected[i] ?? Number.NaN];
    if (!(Math.abs(a - e) <= tolerance * largest)) throw new Error(`${what}[${i}] = ${a}, expected ${e}`);
  }
}
