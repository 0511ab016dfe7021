/** A drawn figure: a self-contained SVG and what belongs beside it. */
export interface Figure {
  /** One `<svg>` element with its namespace, usable inline and as a file. */
  readonly svg: string;
  /** Number of data marks drawn: elements inside `svg` that match {@link markSelector}. */
  readonly marks: number;
  /** Plain text, without a final full stop. */
  readonly title: string;
  /** Plain text: what is drawn, in which units, over how many runs. */
  readonly caption: string;
}

/** Options that every figure takes. */
export interface FigureOptions {
  /** The document that creates the elements: the page's own, or jsdom's `new JSDOM("").window.document` outside a browser. */
  readonly document: Document;
  /** Replaces the default title. */
  readonly title?: string;
  /** Replaces the default caption. */
  readonly caption?: string;
}

/**
 * CSS selector of the elements that stand for data (lines, points, bars, cells), as against axes, rules, labels and legends.
 *
 * @example
 * ```ts
 * import { markSelector } from "@semifactor/diagnostics";
 *
 * expect(markSelector).toBe("g.data-mark > *");
 * ```
 */
export const markSelector = "g.data-mark > *";
