/** What docs/guide/factored.md shows: the record of a persona, its figures, and what `pnpm bench discover` measured. */
import { table } from "./table.mjs";

const fenced = (text) => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;

/** A mean over keys and its standard error. */
function estimate(values, digits) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(digits)}\u00a0±\u00a0${Math.sqrt(variance / values.length).toFixed(digits)}`;
}

function discoverTable({ keys, firstKey, length, lawLength, rows }) {
  const body = rows.map(({ process, personas, sequences, trials }) => {
    const found = trials.map((trial) => (trial.found === undefined ? "none" : trial.found));
    const of = (field) => trials.map((trial) => trial[field]).filter((value) => typeof value === "number");
    const cell = (field) => (of(field).length === trials.length ? estimate(of(field), 4) : "-");
    return [
      process,
      sequences.toLocaleString("en").replaceAll(",", "\u00a0"),
      String(personas),
      found.join(" "),
      personas > 1 ? cell("weightError") : "-",
      cell("lawError"),
    ];
  });
  return (
    `${table([["process", "sequences", "personas", "found, by key", "weight error", "law error"], ...body], "lrrlrr")}\n\n` +
    `Sequences of ${length} tokens, seeds ${firstKey} to ${firstKey + keys - 1}. _Found_ is the number of blocks of \`findBlocks(process, { noise })\`, which is told nothing else.\n` +
    `The errors are those with the true number given: largest difference of\n` +
    `a weight, and mean total variation between the blocks' laws of ${lawLength} tokens and the true ones (mean ± standard error over keys). By\n` +
    `\`pnpm bench discover\`.`
  );
}

/** The pieces that stand between comments of the page, and the figures. */
export function factoredGuide({ sfp, figures, discover }) {
  const { families, factorizationRecord, factorizationTable } = sfp;
  const persona = families.personaZ1r({ variant: "semi" });
  const record = factorizationRecord(persona, { maxLength: 4 });
  const operators = persona.alphabet.map((name, token) => ({ name: `token ${name}`, matrix: persona.operator(token) }));
  return {
    tables: [
      ["factorization-table", fenced(factorizationTable(record))],
      ["discover", discoverTable(discover)],
    ],
    drawings: {
      "persona-operators.svg": figures.operatorHeatmap(operators, {
        blocks: persona.partition.blocks.map(({ states }) => states),
        width: 640,
        title: "Operators of a semi-factored persona, blocks outlined",
      }),
      "persona-record.svg": figures.factorizationPlot(record, {
        width: 560,
        title: "Factorization record of a semi-factored persona",
      }),
    },
  };
}
