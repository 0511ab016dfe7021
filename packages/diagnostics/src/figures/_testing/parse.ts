import { JSDOM } from "jsdom";
import { expect } from "vitest";
import { type Figure, markSelector } from "../figure.ts";

const { window } = new JSDOM("");

/** The document that the figures of the tests are drawn with. */
export const { document } = window;

/** Parses a figure as a browser opening the .svg file would (strict XML), and returns its root. */
export function parse(figure: Figure): Element {
  const parsed = new window.DOMParser().parseFromString(figure.svg, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.documentElement.namespaceURI).toBe("http://www.w3.org/2000/svg");
  return parsed.documentElement;
}

/** Every text of a figure, in the order of drawing. */
export function texts(figure: Figure): string {
  return [...parse(figure).querySelectorAll("text")].map((text) => text.textContent).join(" | ");
}

/** What every figure has: a size, a name and a text alternative. */
export function expectWellFormed(figure: Figure): void {
  const svg = parse(figure);
  expect(svg.getAttribute("aria-label")).toBe(figure.title);
  expect(svg.getAttribute("viewBox")).toBe(`0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  expect(figure.caption.length).toBeGreaterThan(20);
}

/** The number of data marks is the one in the drawing, and every coordinate is a number. */
export function expectMarksCounted(figure: Figure): void {
  expect(figure.marks).toBeGreaterThan(0);
  expect(parse(figure).querySelectorAll(markSelector)).toHaveLength(figure.marks);
  expect(figure.svg).not.toMatch(/NaN|undefined|Infinity/);
}
