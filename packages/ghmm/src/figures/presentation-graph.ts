import { InvalidArgumentError } from "../numeric/errors.ts";
import type { MixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { type PresentationDotOptions, presentationToDot } from "../presentation/presentation-dot.ts";
import { loadGraphviz } from "./_internal/load-graphviz.ts";
import { svgHead } from "./_internal/svg.ts";

/** What {@link presentationGraph} takes. */
export interface PresentationGraphOptions extends PresentationDotOptions {
  /** Title, read out and shown on hover. */
  readonly title?: string;
  /** Description, read out; the numbers of states and what the borders mean by default. */
  readonly description?: string;
}

const SOURCE = "presentationGraph";
/** Larger graphs take long to lay out, and nobody can read them. */
const MOST_STATES = 256;

/**
 * Draws a presentation as a graph: a circle for every mixed state, an arrow for the steps between two.
 *
 * Recurrent states have a thick border and a grey ground, transient ones a dashed border. The layout is that of Graphviz, which
 * is loaded at the first call: install the optional peer dependency `@hpcc-js/wasm-graphviz`.
 *
 * @returns an SVG document that can be used inline and as a file
 * @throws InvalidArgumentError if there are more than 256 mixed states, or `digits` is out of range
 * @throws UnsupportedError if `@hpcc-js/wasm-graphviz` cannot be loaded
 * @example
 * ```ts
 * import { goldenMean, mixedStatePresentation } from "@semifactor/ghmm";
 * import { presentationGraph } from "@semifactor/ghmm/figures";
 *
 * const svg = await presentationGraph(mixedStatePresentation(goldenMean({ p: 0.5 })));
 * expect(svg.startsWith("<svg")).toBe(true);
 * ```
 */
export async function presentationGraph(
  presentation: MixedStatePresentation,
  options: PresentationGraphOptions = {},
): Promise<string> {
  const { title = "Mixed-state presentation" } = options;
  const { states, recurrent, complete } = presentation;
  if (states.length > MOST_STATES) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: `the presentation has ${states.length} states`,
      remedy: `Draw at most ${MOST_STATES}: give mixedStatePresentation a smaller maxStates or maxDepth`,
    });
  }
  const dot = presentationToDot(presentation, options);
  const drawn = (await loadGraphviz(SOURCE)).layout(dot, "svg", "dot");
  const count = recurrent.filter(Boolean).length;
  const description =
    options.description ??
    `${states.length} mixed states, ${count} of them recurrent (thick border), the others with a dashed border` +
      `${complete ? "" : "; truncated: the steps of states with a dotted border are not shown"}. Arrows: token and probability.`;
  return withNames(drawn, { title, description });
}

/** The drawing of Graphviz with a title and a description, and without ids, which would repeat on a page of several. */
function withNames(drawn: string, names: { readonly title: string; readonly description: string }): string {
  const start = drawn.indexOf("<svg");
  const end = drawn.indexOf(">", start);
  const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(drawn.slice(start, end))?.[1] ?? "";
  const body = drawn.slice(end + 1).replace(/(<(?:g|a)) id="[^"]*"/g, "$1");
  return svgHead(attribute("width"), attribute("height"), attribute("viewBox"), names) + body.trim();
}
