import { groupColor, hairline, px, softInk, svgDocument, textAt, textWidth, ticks } from "@semifactor/ghmm/internal";
import { fitted } from "./fitted.ts";

/** One line of a chart: a value for each position; what is not finite is left out. */
export interface Series {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** A chart of values over positions. */
export interface LineChart {
  readonly series: readonly Series[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Number of the first position. */
  readonly firstPosition: number;
  /** Range of the values; from the data where left out. On a logarithmic axis both are positive. */
  readonly range?: readonly [low: number, high: number];
  readonly logarithmic?: boolean;
  readonly width: number;
  readonly title: string;
  readonly description: string;
  /** Lines of text below the chart. */
  readonly notes?: readonly string[];
}

const MARGIN = { left: 62, right: 16, top: 8, bottom: 44 } as const;
const PLOT_HEIGHT = 200;

/** Values up to this are rounding of zero. */
const ROUNDING = 1e-12;

/** Shapes of the markers: lines can be told apart without colour. */
const markers: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx="${px(x)}" cy="${px(y)}" r="3"/>`,
  (x, y) => `<rect x="${px(x - 2.8)}" y="${px(y - 2.8)}" width="5.6" height="5.6"/>`,
  (x, y) => `<path d="M${px(x)} ${px(y - 3.6)}l3.4 6h-6.8z"/>`,
  (x, y) => `<path d="M${px(x)} ${px(y - 3.8)}l3.8 3.8l-3.8 3.8l-3.8-3.8z"/>`,
];

/** Dashes of the lines: where two lie on each other, both are seen. */
const dashes = ["", "7 4", "2 3", "9 3 2 3"] as const;

function marker(index: number, x: number, y: number): string {
  return markers[index % markers.length]?.(x, y) ?? "";
}

/** A line or more of names with their markers; and its height. */
function legend(series: readonly Series[], width: number): readonly [svg: string, height: number] {
  let [x, y] = [MARGIN.left, 16];
  const items = series.map(({ name: whole }, i) => {
    const name = fitted(whole, width - MARGIN.left - 24);
    const size = 20 + textWidth(name) + 12;
    if (x > MARGIN.left && x + size > width) [x, y] = [MARGIN.left, y + 18];
    const item = `<g fill="${groupColor(i)}">${marker(i, x + 6, y - 4)}</g>${textAt(x + 16, y, name, 'text-anchor="start"')}`;
    x += size;
    return item;
  });
  return [items.join(""), y + 8];
}

/** A number as a tick label. */
function tickLabel(value: number, logarithmic: boolean): string {
  if (value === 0) return "0";
  return logarithmic || Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
    ? Number(value.toPrecision(12)).toExponential().replace("+", "")
    : String(value);
}

/** Powers of ten within a range, at most about eight of them. */
function powers(low: number, high: number): readonly number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / 8));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => 10 ** (first + i * step));
}

function dataRange({ series, logarithmic = false }: LineChart): readonly [number, number] {
  const values = series.flatMap(({ values: own }) => Array.from(own)).filter((value) => Number.isFinite(value));
  const usable = logarithmic ? values.filter((value) => value > 0) : values;
  if (usable.length === 0) return logarithmic ? [0.1, 1] : [0, 1];
  const low = usable.reduce((least, value) => Math.min(least, value), logarithmic ? Number.POSITIVE_INFINITY : 0);
  const high = usable.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  // drawn to its own scale rounding would look like a finding
  if (!logarithmic && Math.max(high, -low) <= ROUNDING) return [Math.min(low, 0), 1];
  if (logarithmic) return low < high ? [low, high] : [low / 10, low];
  return high > low ? [low, high] : [low, low + 1];
}

/** Draws lines with markers over positions `firstPosition, firstPosition + 1, ...`. */
export function lineChart(chart: LineChart): string {
  const { series, xLabel, yLabel, firstPosition, logarithmic = false, width, title, description, notes = [] } = chart;
  const [low, high] = chart.range ?? dataRange(chart);
  const scale = logarithmic ? Math.log10 : (value: number) => value;
  const [keys, keyHeight] = legend(series, width);
  const [right, bottom] = [width - MARGIN.right, keyHeight + MARGIN.top + PLOT_HEIGHT];
  const count = Math.max(2, ...series.map(({ values }) => values.length));
  const xOf = (position: number) => MARGIN.left + ((right - MARGIN.left) * position) / (count - 1);
  const yOf = (value: number) => bottom - (PLOT_HEIGHT * (scale(value) - scale(low))) / (scale(high) - scale(low));

  const yTicks = (logarithmic ? powers(low, high) : ticks(low, high, 5)).map((value) => {
    const y = yOf(value);
    const rule = `<path d="M${MARGIN.left} ${px(y)}H${px(right)}" stroke="${hairline}"/>`;
    return rule + textAt(MARGIN.left - 8, y + 4, tickLabel(value, logarithmic), 'text-anchor="end"');
  });
  const xTicks = ticks(firstPosition, firstPosition + count - 1, Math.min(count, 10))
    .filter((value) => Number.isInteger(value))
    .map((value) => textAt(xOf(value - firstPosition), bottom + 18, String(value)));
  const middle = bottom - PLOT_HEIGHT / 2;
  const axes =
    `<path d="M${MARGIN.left} ${px(bottom)}H${px(right)}" stroke="${softInk}"/>` +
    textAt((MARGIN.left + right) / 2, bottom + 38, xLabel) +
    textAt(0, 0, yLabel, `transform="translate(14,${px(middle)}) rotate(-90)"`);
  const lines = series.map(({ values }, i) => {
    const points = Array.from(values, (value, at) => ({ value, x: xOf(at) })).map(({ value, x }) =>
      Number.isFinite(value) && value >= low && value <= high && (!logarithmic || value > 0)
        ? { x, y: yOf(value) }
        : undefined,
    );
    const path = points
      .map((point, at) =>
        point === undefined ? "" : `${points[at - 1] === undefined ? "M" : "L"}${px(point.x)} ${px(point.y)}`,
      )
      .join("");
    const pattern = dashes[i % dashes.length] ?? "";
    const dash = pattern === "" ? "" : ` stroke-dasharray="${pattern}"`;
    const few = points.length <= 60;
    const marks = points.map((point) => (point === undefined || !few ? "" : marker(i, point.x, point.y))).join("");
    return `<path d="${path}" fill="none" stroke="${groupColor(i)}" stroke-width="1.5"${dash}/><g fill="${groupColor(i)}">${marks}</g>`;
  });
  const body = `${keys}${yTicks.join("")}${xTicks.join("")}${axes}<g class="data-mark">${lines.join("")}</g>`;
  const below = notes.map((note, i) => textAt(MARGIN.left, bottom + 62 + 18 * i, note, 'text-anchor="start"'));
  const height = bottom + MARGIN.bottom + (notes.length === 0 ? 0 : 10 + 18 * notes.length);
  return svgDocument(width, height, { title, description }, body + below.join(""));
}
