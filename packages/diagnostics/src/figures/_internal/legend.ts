import * as Plot from "@observablehq/plot";
import { fontSize, type Panel } from "./compose.ts";
import { ink, type SeriesStyle } from "./palette.ts";

/** One entry of a legend: a sample of the line and/or symbol, then the label. */
export interface LegendItem {
  readonly label: string;
  readonly line?: { readonly color: string; readonly dash: string; readonly width: number };
  readonly symbol?: { readonly shape: SeriesStyle["symbol"]; readonly stroke: string; readonly fill: string };
  readonly bar?: { readonly fill: string; readonly stroke: string };
}

const sample = 30;
const gap = 7;
const between = 20;
const lineHeight = 20;

/** Width of a label in pixels, estimated (no layout engine exists outside a browser). */
export function textWidth(label: string, size = fontSize): number {
  return label.length * size * 0.56;
}

/** Lays items out from left to right in as many lines as `width` needs. */
export function legend(items: readonly LegendItem[], width: number, x: number, y: number): Panel & { height: number } {
  let left = 0;
  let line = 0;
  const placed = items.map((item) => {
    const itemWidth = sample + gap + textWidth(item.label);
    if (left > 0 && left + itemWidth > width) {
      left = 0;
      line += 1;
    }
    const at = { ...item, x: left, y: line * lineHeight + lineHeight / 2 };
    left += itemWidth + between;
    return at;
  });
  const height = (line + 1) * lineHeight;
  const marks = placed.flatMap((item) => {
    const middle = item.x + sample / 2;
    const drawn: Plot.Markish[] = [];
    if (item.bar !== undefined) {
      const box = { x1: middle - 9, x2: middle + 9, y1: item.y - 6, y2: item.y + 6 };
      drawn.push(Plot.rect([box], { x1: "x1", x2: "x2", y1: "y1", y2: "y2", ...item.bar }));
    }
    if (item.line !== undefined) {
      const ends = { x1: item.x, x2: item.x + sample, y: item.y };
      const { color, dash, width: strokeWidth } = item.line;
      drawn.push(
        Plot.link([ends], { x1: "x1", x2: "x2", y1: "y", y2: "y", stroke: color, strokeDasharray: dash, strokeWidth }),
      );
    }
    if (item.symbol !== undefined) {
      const { shape, stroke, fill } = item.symbol;
      drawn.push(Plot.dot([item], { x: middle, y: item.y, symbol: shape, r: 4, stroke, fill, strokeWidth: 1.5 }));
    }
    drawn.push(
      Plot.text([item], {
        x: item.x + sample + gap,
        y: item.y,
        text: "label",
        textAnchor: "start",
        fontSize,
        fill: ink,
      }),
    );
    return drawn;
  });
  const identity = { type: "identity", axis: null } as const;
  return { plot: { width, height, margin: 0, x: identity, y: identity, marks }, x, y, height };
}
