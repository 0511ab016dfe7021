import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkRange } from "../_internal/checks.ts";
import { lineChart } from "./_internal/line-chart.ts";
import type { PlotOptions } from "./block-weight-plot.ts";

/** Schmidt coefficients with a name, as `schmidt` and `operatorSchmidt` return them. */
export interface NamedCoefficients {
  readonly name: string;
  /** Largest first, the sum of their squares one. */
  readonly coefficients: ArrayLike<number>;
}

const SOURCE = "schmidtSpectrum";
/** Squared coefficients below this are rounding. */
const SMALLEST = 1e-16;

/**
 * Draws Schmidt spectra on a logarithmic scale: the squared coefficients of beliefs or operators, which sum to one, by their rank.
 *
 * One point at 1 is a product. Squares below 1e-16 are rounding and are left out.
 *
 * @param spectra - one series each, such as one per token
 * @returns an SVG document that can be used inline and as a file
 * @throws ShapeError if there is no spectrum or one is empty
 * @throws InvalidArgumentError if a coefficient is negative or not finite, the squares of a spectrum do not sum to one (1e-6), or an
 * option is out of range
 * @example
 * ```ts
 * import { families, operatorSchmidt } from "@semifactor/sfp";
 * import { schmidtSpectrum } from "@semifactor/sfp/figures";
 *
 * const process = families.personaZ1r({ variant: "semi" });
 * const spectra = process.alphabet.map((name, token) => ({
 *   name: `token ${name}`,
 *   coefficients: operatorSchmidt(process.operator(token), [2, 3]).coefficients,
 * }));
 * expect(schmidtSpectrum(spectra, { title: "Operators of a persona" })).toContain("token 1,1");
 * ```
 */
export function schmidtSpectrum(spectra: readonly NamedCoefficients[], options: PlotOptions = {}): string {
  const { width = 520, title = "Schmidt spectra" } = options;
  checkRange(SOURCE, "width", width, 200, 4096);
  if (spectra.length === 0 || spectra.some(({ coefficients }) => coefficients.length === 0)) {
    throw new ShapeError({
      source: SOURCE,
      problem: spectra.length === 0 ? "there is no spectrum" : "a spectrum is empty",
      remedy: "Give at least one spectrum of at least one coefficient",
    });
  }
  const series = spectra.map(({ name, coefficients }) => {
    const squares = Array.from(coefficients, (value, k) => {
      if (value >= 0 && Number.isFinite(value)) return value ** 2;
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: `coefficient ${k} of ${JSON.stringify(name)} is ${value}`,
        remedy: "Give finite coefficients, none negative",
      });
    });
    const total = squares.reduce((sum, value) => sum + value, 0);
    if (!(Math.abs(total - 1) <= 1e-6)) {
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: `the squares of ${JSON.stringify(name)} sum to ${total}`,
        remedy: "Give coefficients as schmidt and operatorSchmidt return them",
      });
    }
    return { name, values: squares.map((value) => (value > SMALLEST ? value : Number.NaN)) };
  });
  const smallest = series
    .flatMap(({ values }) => values)
    .reduce((least, value) => (Number.isNaN(value) ? least : Math.min(least, value)), 1);
  return lineChart({
    series,
    xLabel: "rank of the coefficient",
    yLabel: "squared coefficient",
    firstPosition: 1,
    range: [10 ** Math.min(-1, Math.floor(Math.log10(smallest))), 1],
    logarithmic: true,
    width,
    title,
    description:
      options.description ?? `Squared Schmidt coefficients of ${spectra.length} spectra, by rank, logarithmic.`,
  });
}
