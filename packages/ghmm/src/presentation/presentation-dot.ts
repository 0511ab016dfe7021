import { checkInteger } from "../numeric/options.ts";
import type { MixedStatePresentation } from "./mixed-state-presentation.ts";

/** What {@link presentationToDot} takes. */
export interface PresentationDotOptions {
  /** Name of the graph, `mixed-state presentation` by default. */
  readonly name?: string;
  /** Label of a mixed state, its index by default. */
  readonly label?: (state: number) => string;
  /** Decimals of probabilities, 3 by default, at most 15. */
  readonly digits?: number;
}

/** A number with at most so many decimals, without trailing zeros. */
function shortNumber(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** A string of the DOT language: quotes and backslashes escaped, lines broken. */
function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
}

const STYLES = {
  recurrent: 'style="filled", penwidth=2',
  transient: 'style="dashed"',
  frontier: 'style="dotted", fontcolor="#4a5360"',
};

/** What the borders mean, of the kinds that are there. */
function keyOf({ recurrent, expanded }: MixedStatePresentation): string {
  const recurrentCount = recurrent.filter(Boolean).length;
  const frontierCount = expanded.filter((is) => !is).length;
  const entries = [
    ["recurrent: thick border", recurrentCount],
    ["transient: dashed border", expanded.length - recurrentCount - frontierCount],
    ["steps not listed: dotted border", frontierCount],
  ] as const;
  return entries.flatMap(([text, count]) => (count > 0 ? [`${text} (${count})`] : [])).join("\n");
}

/**
 * A presentation as a directed graph in the DOT language of Graphviz.
 *
 * Edges are labelled `token: probability`, all steps between two states on one edge. Recurrent states have a thick border and a
 * grey ground, transient ones a dashed border, and states whose steps are not listed a dotted one; an arrow leads to the initial
 * state.
 *
 * @throws InvalidArgumentError if `digits` is not an integer from 0 to 15
 * @example
 * ```ts
 * import { goldenMean, mixedStatePresentation, presentationToDot } from "@semifactor/ghmm";
 *
 * const dot = presentationToDot(mixedStatePresentation(goldenMean({ p: 0.5 })));
 * expect(dot.startsWith('digraph "mixed-state presentation" {')).toBe(true);
 * expect(dot).toContain('0 -> 1 [label="0: 0.667"]');
 * ```
 * Source of the format: https://graphviz.org/doc/info/lang.html
 */
export function presentationToDot(presentation: MixedStatePresentation, options: PresentationDotOptions = {}): string {
  const { name = "mixed-state presentation", label = String, digits = 3 } = options;
  checkInteger("presentationToDot", "digits", digits, 0, 15);
  const { process, states, recurrent, expanded, transitions } = presentation;
  const lines = [
    `digraph ${quote(name)} {`,
    "  rankdir=LR;",
    `  graph [pad=0.15, fontsize=10, fontname="Helvetica,Arial,sans-serif", labelloc=b, label=${quote(keyOf(presentation))}];`,
    '  node [shape=circle, fontsize=12, width=0.4, margin=0.04, fontname="Helvetica,Arial,sans-serif", color="#1b1f24", fillcolor="#dfe3e8"];',
    '  edge [fontsize=10, fontname="Helvetica,Arial,sans-serif", color="#1b1f24", arrowsize=0.7];',
    '  start [shape=point, width=0.06, label="", fillcolor="#1b1f24"];',
  ];
  states.forEach((belief, i) => {
    const kind = recurrent[i] ? "recurrent" : expanded[i] ? "transient" : "frontier";
    const shown = Array.from(belief, (value) => shortNumber(value, digits)).join(", ");
    lines.push(`  ${i} [label=${quote(label(i))}, tooltip=${quote(`${kind}: ${shown}`)}, ${STYLES[kind]}];`);
  });
  lines.push("  start -> 0;");
  const edges = new Map<string, string[]>();
  for (const { from, token, to, probability } of transitions) {
    const text = `${process.alphabet[token] ?? token}: ${shortNumber(probability, digits)}`;
    const pair = `${from} -> ${to}`;
    const known = edges.get(pair);
    if (known === undefined) edges.set(pair, [text]);
    else known.push(text);
  }
  for (const [pair, texts] of edges) lines.push(`  ${pair} [label=${quote(texts.join("\n"))}];`);
  return `${lines.join("\n")}\n}\n`;
}
