import * as Plot from "@observablehq/plot";
import { InvalidArgumentError } from "@semifactor/ghmm";
import { type Figure, markSelector } from "../figure.ts";
import { ink } from "./palette.ts";

const namespace = "http://www.w3.org/2000/svg";
export const fontSize = 12;
const fontFamily = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';

/** A plot placed at a position of the figure. */
export interface Panel {
  readonly plot: Plot.PlotOptions;
  readonly x: number;
  readonly y: number;
}

/** Draws the panels into one SVG and counts its data marks. */
export function composeFigure(options: {
  readonly source: string;
  readonly document: Document;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
}): Figure {
  const { source, document, width, height, title, caption, panels } = options;
  if (typeof document?.createElementNS !== "function") {
    throw new InvalidArgumentError({
      source,
      problem: "document is not a DOM document",
      remedy: 'Pass the page\'s document, or new JSDOM("").window.document outside a browser',
    });
  }
  const svg = document.createElementNS(namespace, "svg");
  setAttributes(svg, {
    xmlns: namespace,
    viewBox: `0 0 ${width} ${height}`,
    width: String(width),
    height: String(height),
    role: "img",
    "aria-label": title,
    color: ink,
    fill: "currentColor",
    "font-family": fontFamily,
    "font-size": String(fontSize),
    "text-anchor": "middle",
  });
  for (const { plot, x, y } of panels) {
    const drawn = Plot.plot({ ...plot, document });
    const group = document.createElementNS(namespace, "g");
    group.setAttribute("transform", `translate(${x},${y})`);
    for (const child of Array.from(drawn.childNodes)) {
      if (child.nodeName.toLowerCase() !== "style") group.append(child);
    }
    svg.append(group);
  }
  return { svg: svg.outerHTML, marks: svg.querySelectorAll(markSelector).length, title, caption };
}

function setAttributes(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** Throws unless there is something to draw. */
export function requireData(source: string, name: string, count: number): void {
  if (count > 0) return;
  throw new InvalidArgumentError({ source, problem: `${name} is empty`, remedy: "Pass at least one entry to draw" });
}

/** Smallest and largest value, or `low` and `high` where those lie further out; of any number of values (a spread call has a limit). */
export function extent(values: readonly number[], low: number, high: number): [number, number] {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [low, high]);
}

/** Distinct values in the order of first appearance. */
export function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
