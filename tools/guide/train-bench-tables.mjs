/** The tables of docs/benchmarks.md that `pnpm bench train-step` and `pnpm bench gpu` measured, from their JSON. */
import { table } from "./table.mjs";

const milliseconds = (value) => (value < 1 ? value.toFixed(3) : value.toFixed(1));
const times = (value) => value.toFixed(2);

/** What a size is, in words. */
function sizeOf({ nLayers, dModel, nHeads, length, vocabularySize, batchSize }) {
  return `d ${dModel}, ${nLayers} layers, ${nHeads} heads, MLP ${4 * dModel}, context ${length}, ${vocabularySize} tokens, batch ${batchSize}`;
}

function stepTable({ measurements }) {
  const [ours] = measurements;
  const body = measurements.map(({ contender, threads, min, median }) => [
    contender.replace(/blocks\.\d+\.mlp\.W_out/, "`$&`"),
    String(threads),
    milliseconds(min),
    milliseconds(median),
    times(min / ours.min),
    times(median / ours.median),
  ]);
  const head = ["contender", "threads", "min ms", "median ms", "min / first row", "median / first row"];
  return table([head, ...body], "lrrrrr");
}

/** One size of `pnpm bench train-step`. */
export function stepTables(run) {
  const { size, sizes, node, cpu, steps, repeats, comparisons } = run;
  const ratios = comparisons.map(({ text, min, median }) => [text, times(min), times(median)]);
  return [
    `**${size}**: ${sizeOf(sizes)}. ${cpu.trim()}, Node ${node}; ${repeats} runs of ${steps} steps each, in turn.`,
    stepTable(run),
    table([["ratio", "of the fastest steps", "of the medians"], ...ratios], "lrr"),
  ].join("\n\n");
}

/** `pnpm bench gpu`. */
export function gpuTables({ node, sizes, counted, host, variant, software, measurements, missing, replicas }) {
  const parts = [
    `${sizeOf(sizes)}; Node ${node}. A step is ${counted.dispatches} dispatches (35 L + 30 = ${35 * sizes.nLayers + 30}) in ${counted.submits} submission${counted.submits === 1 ? "" : "s"}; ` +
      `on a device that does nothing it costs the host ${host.min.toFixed(3)} ms (best) / ${host.median.toFixed(3)} ms (median).`,
  ];
  if (variant === undefined) return [...parts, "No adapter was found: no time on a device."].join("\n\n");
  const kind = software ? ", an adapter that computes on the CPU: **no figure of a GPU was measured**" : "";
  parts.push(`Adapter: \`${variant}\`${kind}.`);
  const [ours] = measurements;
  const body = measurements.map(({ contender, min, median }) => [
    contender,
    milliseconds(min),
    milliseconds(median),
    times(min / ours.min),
    times(median / ours.median),
  ]);
  const head = ["contender", "min ms", "median ms", "min / first row", "median / first row"];
  parts.push(table([head, ...body], "lrrrr"));
  if (replicas !== undefined) parts.push(replicas.text);
  if (missing.length > 0) parts.push(`Not measured: ${missing.join("; ")}.`);
  return parts.join("\n\n");
}
