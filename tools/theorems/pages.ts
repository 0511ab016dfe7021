import type { Theorem, TheoremStatus } from "@semifactor/ghmm/theorems";
import type { Outcome } from "./check.ts";
import { amount, scientific } from "./report.ts";
import { type TheoremSource, theoremSources } from "./source.ts";

/** What a run gave, for the pages. */
export interface Measured {
  readonly runs: number;
  readonly key: number;
  readonly outcomes: readonly Outcome[];
}

const [OPEN, CLOSE] = ["<!--run-->", "<!--end-->"];

/** Marks what a run measured, so that pages can be compared without it. */
const measurement = (text: string | undefined): string => `${OPEN}${text ?? ""}${CLOSE}`;

/** A page without the numbers of a run. */
export const withoutMeasurements = (page: string): string =>
  page.replaceAll(/<!--run-->[\s\S]*?<!--end-->/g, measurement(undefined));

const STATUS: Readonly<Record<TheoremStatus, string>> = {
  standard: "Standard: textbook material or a short consequence of it",
  reconstruction: "Reconstruction: stated and proved by this project",
  literature: "Literature: a theorem of others, not proved here",
};

/** Display formulas on lines of their own, as the renderer of the pages wants them. */
export function spreadFormulas(text: string): string {
  const spread = text.replaceAll(
    /[ \t]*\n?[ \t]*\$\$([\s\S]+?)\$\$([.,;]?)[ \t]*\n?/g,
    (_, formula: string, mark: string) => {
      const inner = `${formula.trim()}${mark === "" ? "" : ` ${mark}`}`;
      return `\n\n$$\n${inner}\n$$\n\n`;
    },
  );
  return spread.replaceAll(/\n{3,}/g, "\n\n").trim();
}

const command = ({ runs, key }: Pick<Measured, "runs" | "key">, id?: string): string =>
  `npm run theorems -- ${id === undefined ? "" : `--only ${id} `}--runs ${runs} --key ${key}`;

/** Fields of one row of a Markdown table. */
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** One line, since a comment at the start of a line would make a block of HTML of it. */
function lastRun(id: string, measured: Measured | undefined): string {
  const check = measured?.outcomes.find((it) => it.theorem.id === id)?.check;
  if (measured === undefined || check === undefined) return `Written by ${measurement(undefined)}.`;
  const { largestResidual, worst, runs } = check;
  const closest = `the one closest to its tolerance ${scientific(worst.residual)} of ${scientific(worst.tolerance)}`;
  return `Written by ${measurement(`\`${command(measured, id)}\`: ${runs} random instances, the largest residual ${scientific(largestResidual)}, ${closest}`)}.`;
}

function page(theorem: Theorem<unknown>, source: TheoremSource | undefined, measured: Measured | undefined): string {
  const { id, name, statement, status, proof, use, untested, hypotheses, needs, counterexamples } = theorem;
  const outcome = measured?.outcomes.find((it) => it.theorem.id === id);
  const ran = outcome?.check?.counterexamples;
  const cases = counterexamples.map(({ drops, description }, i) => {
    const residual = ran?.[i]?.residual;
    return `- without _${drops}_: ${description}. Residual ${measurement(residual === undefined ? undefined : amount(residual))}.`;
  });
  const parts = [
    `# ${id}: ${name}`,
    `_${STATUS[status]}._`,
    spreadFormulas(statement),
    "## Hypotheses",
    hypotheses.map((it) => `- _${it.id}_: ${it.statement}`).join("\n"),
    "## Proof",
    spreadFormulas(proof),
    "## What it is for",
    spreadFormulas(use),
    ...(untested === undefined ? [] : ["## What no run shows", spreadFormulas(untested)]),
    "## Without a hypothesis",
    "Each of these instances violates the statement, by the residual given:",
    cases.join("\n"),
    "## Last run",
    lastRun(id, measured),
    "## The check",
    needs === undefined
      ? "Random instances, an instance of your own, or a process of your own can be checked:"
      : `Random instances, an instance of your own, or a process of your own can be checked. It needs ${needs}.`,
    `\`\`\`ts\n${source?.example ?? ""}\n\`\`\``,
    `<details>\n<summary>The code of the check: <code>${source?.path ?? ""}</code></summary>\n\n\`\`\`ts\n${source?.code ?? ""}\n\`\`\`\n\n</details>`,
    "[All theorems](./index.md)",
  ];
  return `${parts.join("\n\n")}\n`;
}

/** A process of two factors with a conserved label, as `--process` reads it. */
export const EXAMPLE_PROCESS = `{
  "alphabet": ["heads", "tails"],
  "operators": [
    [[0.9, 0, 0, 0], [0, 0.6, 0, 0], [0, 0, 0.4, 0], [0, 0, 0, 0.1]],
    [[0, 0.1, 0, 0], [0.4, 0, 0, 0], [0, 0, 0, 0.6], [0, 0, 0.9, 0]]
  ],
  "initial": [0.4, 0.1, 0.3, 0.2],
  "factors": [{ "name": "label", "dimension": 2 }, { "name": "phase", "dimension": 2 }],
  "blocks": [[0, 1], [2, 3]]
}
`;

function indexPage(theorems: readonly Theorem<unknown>[], measured: Measured | undefined): string {
  const rows = theorems.map(({ id, name, status }) => {
    const check = measured?.outcomes.find((it) => it.theorem.id === id)?.check;
    const residual =
      check === undefined ? undefined : `${scientific(check.worst.residual)} of ${scientific(check.worst.tolerance)}`;
    const instances = check === undefined ? undefined : String(check.runs);
    return row([`[${id}](./${id}.md)`, name, status, measurement(residual), measurement(instances)]);
  });
  const head = ["id", "what it says", "status", "residual", "instances"];
  const untested = theorems
    .filter((theorem) => theorem.untested !== undefined)
    .map(({ id, untested: why }) => `- [${id}](./${id}.md): ${why}`);
  const parts = [
    "# Theorems, run",
    `What the library relies on is stated as ${theorems.length} theorems. Each is an object with a statement, a proof, random instances that satisfy its hypotheses, a residual (how far the conclusion is from true), a tolerance (what rounding explains), and an instance for every hypothesis that shows what happens without it. The words are those of [definitions and statements](../theory/index.md). Each has a status: standard (textbook material or a short consequence), reconstruction (stated and proved by this project) or literature (a theorem of others).`,
    "A residual is a measurement and no proof: it would find a wrong formula, and a program that does not do what the formula says.",
    [row(head), row(["---", "---", "---", "---", "--:"]), ...rows].join("\n"),
    `A residual is given with its tolerance, from the instance that came closest to it; written by ${measurement(measured === undefined ? undefined : `\`${command(measured)} --write\``)}.`,
    ...(untested.length === 0 ? [] : ["## What no run shows", untested.join("\n")]),
    "## Run them",
    `\`\`\`sh
npm run theorems                                    # all of them, 1000 random instances each
npm run theorems -- --only T15,T26 --runs 100 --key 7
npm run theorems -- --process mine.json             # a process of yours
\`\`\``,
    "A line is printed for each theorem as it is done; the residuals and counterexamples are written to `runs/theorems.json` (`--out` for another file). The exit code is 1 if a theorem or a counterexample fails and 2 for a wrong option or file. The same key draws the same instances.",
    "## A process of yours",
    "A file for `--process` holds operators as `operators[token][state][nextState]` and, where they are left out, takes the stationary initial state and the normalizer that the operators keep. `factors` (the slowest in the joint state first), `blocks` (lists of joint states) and `tokenSizes` (tokens of each factor, the slowest first) declare what theorems about factors and blocks need; a theorem that does not apply says what it is missing.",
    `\`\`\`json\n${EXAMPLE_PROCESS}\`\`\``,
    "From a program:",
    `\`\`\`ts run
import { rrxor } from "@semifactor/ghmm";
import { checkTheorem, normalization, theorems } from "@semifactor/ghmm/theorems";

const subject = { process: rrxor() };
const { holds, worst } = checkTheorem(normalization, { subject });
expect(holds).toBe(true);
expect(worst.residual).toBeLessThan(1e-14);
expect(theorems.filter((it) => it.instanceOf(subject) !== undefined).map(({ id }) => id)).toContain("T8");
\`\`\``,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The pages of the theorems and their index, by file name; without a run, without its numbers. */
export function theoremPages(theorems: readonly Theorem<unknown>[], measured?: Measured): ReadonlyMap<string, string> {
  const sources = theoremSources();
  return new Map([
    ["index.md", indexPage(theorems, measured)],
    ...theorems.map((theorem) => [`${theorem.id}.md`, page(theorem, sources.get(theorem.id), measured)] as const),
  ]);
}
