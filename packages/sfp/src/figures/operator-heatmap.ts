import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { escapeXml, hairline, ink, px, softInk, svgDocument, textAt, textWidth } from "@semifactor/ghmm/internal";
import { checkFinite, checkInteger, checkRange } from "../_internal/checks.ts";
import { fitted } from "./_internal/fitted.ts";
import type { PlotOptions } from "./block-weight-plot.ts";

/** An operator with a name. */
export interface NamedOperator {
  readonly name: string;
  /** Row-major `[d, d]`, row = from, column = to. */
  readonly matrix: ArrayLike<number>;
}

/** What {@link operatorHeatmap} takes. */
export interface OperatorHeatmapOptions extends PlotOptions {
  /** States of each block: rows and columns are put in this order, and every block is outlined. */
  readonly blocks?: readonly ArrayLike<number>[];
  /** Names of the states, shown for up to 12 of them; their numbers by default. */
  readonly states?: readonly string[];
  /** Panels in a row, 4 by default. */
  readonly columns?: number;
}

const SOURCE = "operatorHeatmap";
const MOST_CELLS = 2 ** 18;
/** Width of the longest name of a state, in pixels of full-size text. */
const MOST_LABEL = 96;
/** Entries up to this fraction of the largest are not drawn. */
const ROUNDING = 1e-12;

/** White at 0, blue towards 1, orange towards -1. */
function color(value: number): string {
  const t = Math.min(1, Math.abs(value)) ** 0.7;
  const [r, g, b] = value >= 0 ? [0, 72, 130] : [190, 78, 0];
  const mix = (to: number) => Math.round(255 + (to - 255) * t);
  return `rgb(${mix(r)},${mix(g)},${mix(b)})`;
}

function readOrder(blocks: OperatorHeatmapOptions["blocks"], d: number): readonly number[] {
  if (blocks === undefined) return Array.from({ length: d }, (_, s) => s);
  const order = blocks.flatMap((states) => Array.from(states));
  for (const state of order) checkInteger(SOURCE, "a state of a block", state, 0, d - 1);
  if (order.length !== d || new Set(order).size !== d) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `the blocks have ${order.length} states, ${new Set(order).size} of them different, for ${d} states`,
      remedy: "Put every state in one block",
    });
  }
  return order;
}

/** A round number at least as large as `value`. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Number(((Math.ceil((value / power) * 10 - 1e-9) / 10) * power).toPrecision(6));
}

/**
 * Draws operators as heatmaps side by side, on one colour scale: blue for positive and orange with a dash for negative entries, row =
 * from, column = to. Entries of at most 1e-12 of the largest are left white. With `blocks`, states are put in the order of the
 * blocks and every block is outlined.
 *
 * @param operators - of one size `[d, d]`
 * @returns an SVG document that can be used inline and as a file
 * @throws ShapeError if there is no operator, one is not square or of another size, or `states` has another length
 * @throws InvalidArgumentError if an entry is not finite, the blocks miss or repeat a state, there are more than 2^18 entries, or an
 * option is out of range
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 * import { operatorHeatmap } from "@semifactor/sfp/figures";
 *
 * const process = families.phaseLockedZ1r({ kappa: 0.5 });
 * const operators = process.alphabet.map((name, token) => ({ name: `token ${name}`, matrix: process.operator(token) }));
 * const svg = operatorHeatmap(operators, { blocks: process.partition.blocks.map(({ states }) => states) });
 * expect(svg).toContain("token 0,0");
 * ```
 */
export function operatorHeatmap(operators: readonly NamedOperator[], options: OperatorHeatmapOptions = {}): string {
  const { columns = 4, width = 640, title = "Operators" } = options;
  checkRange(SOURCE, "width", width, 200, 4096);
  checkInteger(SOURCE, "columns", columns, 1, 64);
  const d = Math.round(Math.sqrt(operators[0]?.matrix.length ?? 0));
  for (const { name, matrix } of operators) {
    if (d > 0 && matrix.length === d * d) checkFinite(SOURCE, `operator ${JSON.stringify(name)}`, matrix);
    else {
      throw new ShapeError({
        source: SOURCE,
        problem: `operator ${JSON.stringify(name)} has ${matrix.length} entries and the first ${d} x ${d}`,
        remedy: "Give square row-major matrices of one size",
      });
    }
  }
  if (operators.length === 0) {
    throw new ShapeError({ source: SOURCE, problem: "there is no operator", remedy: "Give at least one" });
  }
  if (operators.length * d * d > MOST_CELLS) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `the operators have ${operators.length * d * d} entries`,
      remedy: `Draw at most ${MOST_CELLS}`,
    });
  }
  const { states = Array.from({ length: d }, (_, s) => String(s)) } = options;
  if (states.length !== d) {
    throw new ShapeError({
      source: SOURCE,
      problem: `${states.length} names for ${d} states`,
      remedy: "Give one for each state",
    });
  }
  const order = readOrder(options.blocks, d);
  const largest = operators.reduce((max, { matrix }) => {
    for (let i = 0; i < matrix.length; i++) max = Math.max(max, Math.abs(matrix[i] ?? 0));
    return max;
  }, 0);
  const negative = operators.some(({ matrix }) => Array.from(matrix).some((value) => value < -ROUNDING * largest));
  const scale = largest === 0 ? 1 : roundUp(largest);

  const across = Math.min(columns, operators.length);
  const labelled = d <= 12;
  // names of states are written smaller than other text
  const short = states.map((name) => fitted(name, MOST_LABEL));
  const widest = short.reduce((most, name) => Math.max(most, textWidth(name) / 1.2), 0);
  const [gap, left, top] = [14, labelled ? Math.max(26, widest + 8) : 12, 22];
  const size = Math.max(d, Math.floor((width - across * left - (across + 1) * gap) / across));
  const panel = { width: left + size + gap, height: top + (labelled ? 16 : 0) + size + gap };
  const cell = size / d;
  // above the columns only as many names as have room
  const everyOther = Math.max(1, Math.ceil((widest - 2) / cell));
  const panels = operators.map(({ name, matrix }, n) => {
    const [x0, y0] = [
      gap + (n % across) * panel.width + left,
      Math.floor(n / across) * panel.height + panel.height - gap - size,
    ];
    const cells = order.flatMap((from, i) =>
      order.map((to, j) => {
        const value = matrix[from * d + to] ?? 0;
        if (Math.abs(value) <= ROUNDING * largest) return "";
        const about = `${states[from] ?? ""} to ${states[to] ?? ""}: ${Number(value.toPrecision(4))}`;
        const [x, y] = [x0 + j * cell, y0 + i * cell];
        // a dash tells negative entries from positive ones in grey print
        const dash =
          value < 0 && labelled
            ? `<path d="M${px(x + 0.35 * cell)} ${px(y + cell / 2)}h${px(0.3 * cell)}" stroke="${ink}"/>`
            : "";
        return `<rect x="${px(x)}" y="${px(y)}" width="${px(cell)}" height="${px(cell)}" fill="${color(value / scale)}"><title>${escapeXml(about)}</title></rect>${dash}`;
      }),
    );
    let at = 0;
    const outlines = (options.blocks ?? []).map(({ length }) => {
      const start = at;
      at += length;
      const [x, y, side] = [x0 + start * cell, y0 + start * cell, length * cell];
      return `<rect x="${px(x)}" y="${px(y)}" width="${px(side)}" height="${px(side)}"/>`;
    });
    const names = labelled
      ? order.map((state, i) => {
          const middle = (i + 0.5) * cell;
          const text = short[state] ?? "";
          const above = i % everyOther === 0 ? textAt(x0 + middle, y0 - 5, text, 'font-size="10"') : "";
          return textAt(x0 - 5, y0 + middle + 4, text, 'text-anchor="end" font-size="10"') + above;
        })
      : [];
    return (
      textAt(x0 + size / 2, y0 - (labelled ? 22 : 8), fitted(name, size + gap)) +
      `<rect x="${px(x0)}" y="${px(y0)}" width="${size}" height="${size}" fill="#fff" stroke="${hairline}"/>` +
      `<g fill="${softInk}">${names.join("")}</g><g class="data-mark">${cells.join("")}</g>` +
      `<g fill="none" stroke="${ink}" stroke-width="1.5">${outlines.join("")}</g>`
    );
  });
  const panelsHeight = Math.ceil(operators.length / across) * panel.height;
  const body = panels.join("") + legend(gap + left, panelsHeight + 12, scale, negative);
  const description =
    options.description ??
    `${operators.length} operators of ${d} states as heatmaps, row = from, column = to${options.blocks === undefined ? "" : `, ${options.blocks.length} blocks outlined`}.`;
  return svgDocument(Math.max(width, gap + across * panel.width), panelsHeight + 52, { title, description }, body);
}

/** The colour scale with its ends and its unit. */
function legend(x: number, y: number, scale: number, negative: boolean): string {
  const steps = 40;
  const low = negative ? -1 : 0;
  const at = (i: number) => low + ((1 - low) * i) / (steps - 1);
  const bars = Array.from(
    { length: steps },
    (_, i) => `<rect x="${px(x + i * 4)}" y="${px(y)}" width="4.2" height="10" fill="${color(at(i))}"/>`,
  );
  const ends = [low, ...(negative ? [0] : []), 1].map((value) =>
    textAt(x + ((value - low) / (1 - low)) * steps * 4, y + 24, String(value === 0 ? 0 : value * scale)),
  );
  const unit = textAt(x + steps * 4 + 12, y + 9, "weight T[from, to]", 'text-anchor="start"');
  return `${bars.join("")}<rect x="${px(x)}" y="${px(y)}" width="${steps * 4}" height="10" fill="none" stroke="${softInk}"/>${ends.join("")}${unit}`;
}
