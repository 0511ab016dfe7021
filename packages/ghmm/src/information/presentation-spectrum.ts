import { eigenvalues } from "../numeric/eigenvalues.ts";
import { UnsupportedError } from "../numeric/errors.ts";
import { strongComponents } from "../numeric/strong-components.ts";
import type { MixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { LARGEST_CHAIN, transitionMatrix } from "./_internal/presentation-chain.ts";

/** The eigenvalues of a presentation's transition matrix. */
export interface PresentationSpectrum {
  /** Real parts, largest modulus first, `[n]`. */
  readonly real: Float64Array;
  /** Imaginary parts, `[n]`. */
  readonly imaginary: Float64Array;
  /** Moduli of the eigenvalues strictly inside the unit circle, largest first: `h(L)` approaches `h_mu` at these rates. */
  readonly rates: Float64Array;
  /** Largest error of an eigenvector equation. */
  readonly residual: number;
}

/** An eigenvalue of modulus above this is on the unit circle. */
const UNIT_MODULUS = 1 - 1e-9;

/** Mixed states by strongly connected component. */
function components({ states, transitions }: MixedStatePresentation): readonly (readonly number[])[] {
  const offsets = new Uint32Array(states.length + 1);
  for (const { from } of transitions) offsets[from + 1] = (offsets[from + 1] ?? 0) + 1;
  for (let i = 0; i < states.length; i++) offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  const targets = Uint32Array.from(transitions, ({ to }) => to);
  const { count, component } = strongComponents({ offsets, targets });
  const members = Array.from({ length: count }, (): number[] => []);
  component.forEach((c, state) => {
    members[c]?.push(state);
  });
  return members;
}

/**
 * The matrix `W[i, j] = sum_x P(x | b_i) [U_x(b_i) = b_j]` of a complete presentation.
 *
 * @returns row-major `[n, n]`, rows sum to 1
 * @throws UnsupportedError if the presentation is truncated or has more than 1024 mixed states
 * @example
 * ```ts
 * import { goldenMean, mixedStatePresentation, presentationMatrix } from "@semifactor/ghmm";
 *
 * // 0: the initial belief, 1: after "0", 2: after "1"
 * const w = presentationMatrix(mixedStatePresentation(goldenMean({ p: 0.5 })));
 * [0, 2 / 3, 1 / 3, 0, 1 / 2, 1 / 2, 0, 1, 0].forEach((value, i) => expect(w[i]).toBeCloseTo(value, 12));
 * ```
 */
export function presentationMatrix(presentation: MixedStatePresentation): Float64Array {
  return checkedMatrix("presentationMatrix", presentation);
}

function checkedMatrix(source: string, presentation: MixedStatePresentation): Float64Array {
  const { states, complete } = presentation;
  if (complete && states.length <= LARGEST_CHAIN) return transitionMatrix(presentation).matrix;
  throw new UnsupportedError({
    source,
    problem: `the presentation has ${states.length} mixed states${complete ? "" : " and is truncated"}`,
    remedy: `Give a complete presentation of at most ${LARGEST_CHAIN} mixed states`,
  });
}

/**
 * The eigenvalues of the transition matrix `W` of a complete presentation.
 *
 * As many have modulus 1 as its recurrent classes have phases; those inside the unit circle are the rates at which an observer
 * synchronises. Each strongly connected component is solved by itself, so that transient mixed states that are never revisited
 * give exact zeros.
 *
 * @throws UnsupportedError if the presentation is truncated or has more than 1024 mixed states
 * @throws NotConvergedError if the eigenvectors of a component miss their equation
 * @example
 * ```ts
 * import { mixedStatePresentation, presentationSpectrum, zeroOneRandom } from "@semifactor/ghmm";
 *
 * // A cycle of three, reached through four mixed states that are seen once.
 * const { real, rates } = presentationSpectrum(mixedStatePresentation(zeroOneRandom({ p: 0.5 })));
 * expect(real[0]).toBeCloseTo(1, 12);
 * expect(real[1]).toBeCloseTo(-0.5, 12);
 * expect(Array.from(rates)).toEqual([0, 0, 0, 0]);
 * ```
 * Source: Riechers and Crutchfield, Spectral simplicity of apparent complexity II, Chaos 28 (2018).
 */
export function presentationSpectrum(presentation: MixedStatePresentation): PresentationSpectrum {
  const n = presentation.states.length;
  const matrix = checkedMatrix("presentationSpectrum", presentation);
  const all: { readonly re: number; readonly im: number; readonly modulus: number }[] = [];
  let residual = 0;
  for (const members of components(presentation)) {
    const size = members.length;
    const block = Float64Array.from({ length: size * size }, (_, at) => {
      return matrix[(members[Math.floor(at / size)] ?? 0) * n + (members[at % size] ?? 0)] ?? 0;
    });
    const part = eigenvalues(block, size);
    residual = Math.max(residual, part.residual);
    part.real.forEach((re, i) => {
      const im = part.imaginary[i] ?? 0;
      all.push({ re, im, modulus: Math.hypot(re, im) });
    });
  }
  all.sort((a, b) => (Math.abs(b.modulus - a.modulus) > 1e-14 ? b.modulus - a.modulus : b.re - a.re || b.im - a.im));
  return {
    real: Float64Array.from(all, ({ re }) => re),
    imaginary: Float64Array.from(all, ({ im }) => im),
    rates: Float64Array.from(
      all.filter(({ modulus }) => modulus <= UNIT_MODULUS),
      ({ modulus }) => modulus,
    ),
    residual,
  };
}
