import type { BeliefCurve, FactorizationRecord, Undefined } from "./factorization-record.ts";

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(5));
const list = (values: ArrayLike<number>): string =>
  Array.from(values, (value) => String(Number(value.toFixed(4)))).join(" ");

/** Cells of one line: quantity, value, unit, meaning. */
type Row = readonly [quantity: string, value: string, unit: string, meaning: string];

const isUndefined = (value: BeliefCurve | Undefined): value is Undefined => "undefined" in value;

/** Mean, maximum and means by position of a quantity of beliefs; one line with the reason where it is undefined. */
function curveRows(name: string, curve: BeliefCurve | Undefined, unit: string, meaning: string): readonly Row[] {
  if (isUndefined(curve)) return [[name, "undefined", "", curve.undefined]];
  return [
    [`${name}, mean`, number(curve.mean), unit, `${meaning}; mean over positions`],
    [`${name}, max`, number(curve.max), unit, "largest of any word"],
    [`${name}, by position`, list(curve.byPosition.mean), unit, "mean over words of 0, 1, 2, ... tokens"],
  ];
}

/**
 * A {@link FactorizationRecord} as a plain-text table: one line a quantity, with its unit and its meaning.
 *
 * @example
 * ```ts
 * import { factorizationRecord, factorizationTable, families } from "@semifactor/sfp";
 *
 * const table = factorizationTable(factorizationRecord(families.staticLabels({ alpha: 0.5 }), { maxLength: 1 }));
 * expect(table.split("\n")[0]).toBe("alignment | capability, words of up to 1 tokens");
 * expect(table).toMatch(/^Fbar +1 +operators/m);
 * ```
 */
export function factorizationTable(record: FactorizationRecord): string {
  const { unit, operators, tokens, commutantDimension } = record;
  const rows: readonly Row[] = [
    ["Fbar", number(operators.fbar), "", "operators: 1 for A (x) C at every token, 0 as far from it as can be"],
    ["S_op, by token", list(operators.tokens.map(({ entropy }) => entropy)), unit, "operator-Schmidt entropy"],
    ["operator rank, max", number(operators.maxRank), "", "most products that an operator is a sum of"],
    ...curveRows("S_sqrt", record.squareRootEntropy, unit, "beliefs: Schmidt entropy of square roots, at least I"),
    ...curveRows("I(A:C)", record.information, unit, "beliefs: classical mutual information"),
    ...curveRows("negativity", record.negativity, "", "beliefs: negativity of the square-root states"),
    ...curveRows(
      "S_amp",
      record.amplitudeEntropy,
      unit,
      "beliefs: Schmidt entropy of amplitudes, in these coordinates only",
    ),
    ["belief rank, max", number(record.schmidtRank.max), "", "largest Schmidt rank of a belief, 1 for products"],
    ...curveRows("chi", record.chi, unit, "beliefs: what the second side reveals about the sector"),
    ...("undefined" in tokens
      ? [["I(U:Y)", "undefined", "", tokens.undefined] as const]
      : [
          [
            "I(U:Y), by length",
            list(tokens.information),
            unit,
            "tokens: information between the two parts of words",
          ] as const,
          ["I(U:Y), rate", number(tokens.rate), unit, "tokens: its last increase, in any basis"] as const,
        ]),
    typeof commutantDimension === "number"
      ? [
          "commutant dimension",
          number(commutantDimension),
          "",
          "blocks: at least their number; at 1 none is conserved in any basis",
        ]
      : ["commutant dimension", "undefined", "", commutantDimension.undefined],
  ];
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(([quantity, value, of, meaning]) =>
    [quantity.padEnd(width(0)), value.padEnd(width(1)), of.padEnd(width(2)), meaning].join("  ").trimEnd(),
  );
  const [first, second] = record.sides.map((names) => names.join(", "));
  return [`${first} | ${second}, words of up to ${record.maxLength} tokens`, ...lines].join("\n");
}
