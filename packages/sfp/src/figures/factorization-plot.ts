import { checkRange } from "../_internal/checks.ts";
import type { FactorizationRecord } from "../discover/index.ts";
import type { Series } from "./_internal/line-chart.ts";
import { lineChart } from "./_internal/line-chart.ts";
import type { PlotOptions } from "./block-weight-plot.ts";

const round = (value: number): string => String(Number(value.toPrecision(4)));

/**
 * Draws a factorization record: the correlation of beliefs and of tokens over the number of tokens seen, and below it what does not
 * depend on the position.
 *
 * Curves are means over words weighted by their probabilities; what is undefined for the process is left out and named below.
 *
 * @returns an SVG document that can be used inline and as a file
 * @throws InvalidArgumentError if an option is out of range
 * @example
 * ```ts
 * import { factorizationRecord, families } from "@semifactor/sfp";
 * import { factorizationPlot } from "@semifactor/sfp/figures";
 *
 * const record = factorizationRecord(families.personaZ1r({ variant: "semi" }), { maxLength: 3 });
 * expect(factorizationPlot(record)).toContain("operators: Fbar");
 * ```
 */
export function factorizationPlot(record: FactorizationRecord, options: PlotOptions = {}): string {
  const { width = 560, title = "Factorization record" } = options;
  checkRange("factorizationPlot", "width", width, 200, 4096);
  const { unit, sides, operators, tokens, schmidtRank, commutantDimension } = record;
  const missing: string[] = [];
  const curves = [
    ["I(A:C) of beliefs", record.information],
    ["S_sqrt of beliefs", record.squareRootEntropy],
    ["chi of beliefs", record.chi],
  ] as const;
  const series = curves.flatMap(([name, curve]): Series[] => {
    if (!("undefined" in curve)) return [{ name, values: curve.byPosition.mean }];
    missing.push(name);
    return [];
  });
  if ("undefined" in tokens) missing.push("I(U:Y) of tokens");
  else series.push({ name: "I(U:Y) of tokens", values: tokens.information });
  // signed beliefs have this one only
  if ("undefined" in record.squareRootEntropy) {
    series.push({ name: "S_amp of beliefs", values: record.amplitudeEntropy.byPosition.mean });
  }
  const commutant =
    typeof commutantDimension === "number" ? `commutant dimension ${commutantDimension}` : commutantDimension.undefined;
  const [a, c] = sides.map((names) => names.join(" x "));
  return lineChart({
    series,
    xLabel: "tokens seen",
    yLabel: unit,
    firstPosition: 0,
    width,
    title,
    description:
      options.description ??
      `Correlation between ${a} and ${c} by the number of tokens seen, in ${unit}, and what does not depend on it.`,
    notes: [
      `${a} | ${c}`,
      `operators: Fbar ${round(operators.fbar)}, rank up to ${operators.maxRank}; ${commutant}`,
      `beliefs: Schmidt rank up to ${schmidtRank.max}`,
      ...(missing.length === 0 ? [] : [`undefined here: ${missing.join(", ")}`]),
    ],
  });
}
