/** The function with this body, or undefined where a content-security policy forbids code from text. */
export function compileCode<F>(parameters: readonly string[], body: string): F | undefined {
  try {
    return new Function(...parameters, body) as F;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** `0, 1, ..., n - 1`. */
export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** Integer sums are cut to 32 bits, which spares the engine its check for overflow. */
export const index = (base: string, offset: number): string => `(${base}+${offset}|0)`;
