/** The tables of docs/benchmarks.md that `pnpm bench ghmm` measured, from its JSON. */
import { table } from "./table.mjs";

const rate = (value) => value.toFixed(1);
const times = (value) => value.toFixed(2);
const OURS = "semifactor";

/** The fastest contender of a process other than ours, among those that `accepts` takes. */
function fastest(rows, process, by, accepts) {
  const others = rows.filter((row) => row.process === process && row.contender !== OURS && accepts(row.contender));
  return others.reduce((best, row) => (row[by] > best[by] ? row : best));
}

function filteringTable({ rows, ratios }) {
  const names = [...new Set(rows.map(({ process }) => process))];
  const body = names.map((process) => {
    const ours = rows.find((row) => row.process === process && row.contender === OURS);
    const peer = fastest(rows, process, "best", () => true);
    const against = ratios.filter((ratio) => ratio.process === process);
    return [
      process,
      `${rate(ours.best)} / ${rate(ours.median)}`,
      ...against.map(({ best, median }) => `${times(best)} / ${times(median)}`),
      `${peer.contender}: ${rate(peer.best)}`,
    ];
  });
  const head = [
    "process",
    "ours, M tokens/s",
    "/ NumPy by operators",
    "/ NumPy, same layout",
    "/ NumPy, any layout",
    "fastest NumPy, M tokens/s",
  ];
  return table([head, ...body], "lrrrrl");
}

function samplingTable({ ratios }) {
  const body = ratios.map(({ process, best, median }) => [process, `${times(best)} / ${times(median)}`]);
  return table([["sampling", "ours / fastest NumPy"], ...body], "lr");
}

const milliseconds = (seconds) => `${(seconds * 1000).toPrecision(3)} ms`;

function taskTable(tasks) {
  const body = tasks.map((task) => {
    const notes = [];
    if (task.nodes !== undefined)
      notes.push(`${task.nodes} nodes, ${Math.round(task.peakMegabytes)} MB more resident memory`);
    const first = task.firstSeconds ?? task.first;
    if (first !== undefined) notes.push(`first call ${milliseconds(first)}`);
    if (task.timesFasterBest !== undefined && task.timesFasterBest !== 1) {
      notes.push(
        `${Math.round(task.timesFasterBest)} / ${Math.round(task.timesFasterMedian)} times as fast as dense operators`,
      );
    }
    return [task.task, `${milliseconds(task.best)} / ${milliseconds(task.median)}`, notes.join("; ")];
  });
  return table([["task", "time, best / median", ""], ...body], "lrl");
}

function scalingTable(scaling) {
  const body = scaling.map(({ axis, fixed, points, exponent, standardError }) => [
    axis,
    `${points[0].x} to ${points.at(-1).x}`,
    fixed,
    `${exponent.toFixed(2)} ± ${standardError.toFixed(2)}`,
  ]);
  return table([["filtering, against", "from", "with", "exponent ± standard error"], ...body], "lllr");
}

/** Everything that stands between the comments of the page. */
export function benchTables({ cpu, node, repetitions, filtering, sampling, tasks, scaling }) {
  const peers = filtering.peers.map(({ numpy, python }) => `NumPy ${numpy} on Python ${python}`).join(", ");
  const missing = filtering.missing.length === 0 ? "" : ` Not measured: ${filtering.missing.join("; ")}.`;
  return [
    `${cpu}, Node ${node}; ${peers}; one thread, ${repetitions} repetitions in turns; every figure is best / median.${missing}`,
    filteringTable(filtering),
    samplingTable(sampling),
    taskTable(tasks),
    scalingTable(scaling),
  ].join("\n\n");
}
