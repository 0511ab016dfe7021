/** The tables of docs/benchmarks.md that `pnpm bench sfp` measured, from its JSON. */
import { table } from "./table.mjs";

const pair = (best, median, digits = 1) => `${best.toFixed(digits)} / ${median.toFixed(digits)}`;
const milliseconds = ({ best, median }) => `${(best * 1000).toPrecision(3)} / ${(median * 1000).toPrecision(3)}`;

function blockTable({ rows }) {
  const body = rows.map(({ contender, best, median, ratioBest, ratioMedian }) => [
    contender,
    pair(best, median),
    pair(ratioBest, ratioMedian),
  ]);
  return table([["filter of 16 sectors of 16 states", "µs a token", "/ `filterBlocks`"], ...body], "lrr");
}

function contextTable({ contexts, tokens, best, median }) {
  const body = [[`${contexts}`, `${tokens}`, pair(best / 1e6, median / 1e6, 2)]];
  return table([["`contextPersonas`, contexts", "tokens", "M tokens/s"], ...body], "rrr");
}

function measureTable(rows) {
  const body = rows.map((row) => [
    `\`${row.measure}\``,
    `${row.size} x ${row.size}`,
    milliseconds(row),
    row.theirs === undefined ? "" : milliseconds(row.theirs),
    row.ratio === undefined ? "" : pair(row.ratio.best, row.ratio.median, 2),
    row.difference === undefined ? "" : row.difference.toExponential(0),
  ]);
  return table([["measure", "matrix", "ours, ms", "QuTiP, ms", "QuTiP / ours", "difference"], ...body], "llrrrr");
}

/** Everything that stands between the comments of the page. */
export function sfpBenchTables({ cpu, node, repetitions, blocks, contexts, measures }) {
  const { qutip, missing, rows } = measures;
  const peer =
    qutip === undefined
      ? `QuTiP not measured: ${missing}`
      : `QuTiP ${qutip.qutip}, NumPy ${qutip.numpy} on Python ${qutip.python}`;
  return [
    `${cpu}, Node ${node}; ${peer}; one thread, ${repetitions} repetitions in turns; every figure is best / median.`,
    blockTable(blocks),
    contextTable(contexts),
    measureTable(rows),
  ].join("\n\n");
}
