/**
 * `pnpm theorems [--runs 1000] [--seed 0] [--write]`: checks every theorem on random instances, prints the worst residual of each and
 * what each counterexample misses by, and fails if one does not hold or a counterexample does. `--write` also writes the page
 * docs/theory/theorems.md.
 */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { CommandError, root, runCommand } from "./workspace.mjs";

/** The packages that have theorems. */
const packageFolders = ["ghmm"];

const scientific = (value) => (value === 0 ? "0" : Number.isFinite(value) ? value.toExponential(1) : String(value));
const amount = (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : "infinite");

async function load(name, file) {
  const path = join(root, "packages", name, "dist", file);
  if (!existsSync(path)) throw new CommandError(`theorems: packages/${name} is not built; run: pnpm build`);
  return import(pathToFileURL(path).href);
}

function positiveInteger(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 10_000_000) return value;
  throw new CommandError(`theorems: --${name} is ${text}. Give an integer from 0 to 10000000.`, 2);
}

/** Every theorem of the packages, checked. */
async function checkAll(runs, seed) {
  const { createKey } = await load("ghmm", "index.js");
  const { checkTheorem } = await load("ghmm", "theorems.js");
  const checked = [];
  for (const name of packageFolders) {
    const { theorems } = await load(name, "theorems.js");
    for (const theorem of theorems) {
      const start = performance.now();
      const check = checkTheorem(theorem, { runs, key: createKey(seed) });
      const seconds = (performance.now() - start) / 1000;
      process.stderr.write(`${theorem.id} ${theorem.name}: ${runs} instances in ${seconds.toFixed(1)} s\n`);
      checked.push({ theorem, check });
    }
  }
  return checked;
}

function table(head, rows, wide) {
  const wrap = { colWidths: wide, wordWrap: true };
  const drawn = new Table({ head, style: { head: [], border: [] }, ...wrap });
  drawn.push(...rows);
  return drawn.toString();
}

function report(checked) {
  const residuals = checked.map(({ theorem, check }) => [
    theorem.id,
    theorem.name,
    check.runs,
    scientific(check.largestResidual),
    `${scientific(check.worst.residual)} of ${scientific(check.worst.tolerance)}`,
    check.holds ? "holds" : "FAILS",
  ]);
  const counterexamples = checked.flatMap(({ theorem, check }) =>
    check.counterexamples.map(({ drops, description, residual, violates }) => [
      theorem.id,
      drops,
      description,
      amount(residual),
      violates ? "fails, as it should" : "HOLDS",
    ]),
  );
  return [
    "Worst residual over random instances that satisfy the hypotheses, and the one closest to its tolerance:",
    table(
      ["id", "theorem", "instances", "worst residual", "closest to tolerance", ""],
      residuals,
      [6, 48, 11, 16, 22, 7],
    ),
    "Without one of the hypotheses:",
    table(["id", "without", "instance", "residual", ""], counterexamples, [6, 24, 62, 10, 21]),
  ].join("\n");
}

/** One section of the page: statement, hypotheses, what the run gave, counterexamples. */
function section({ theorem, check }) {
  const hypotheses = theorem.hypotheses.map(({ id, statement }) => `- _${id}_: ${statement}`);
  const counterexamples = check.counterexamples.map(
    ({ drops, description, residual }) => `- without _${drops}_: ${description}. Residual ${amount(residual)}.`,
  );
  return [
    `## ${theorem.id}: ${theorem.name}`,
    theorem.statement,
    "Hypotheses:",
    hypotheses.join("\n"),
    `Worst residual of ${check.runs} random instances: ${scientific(check.largestResidual)}; closest to its tolerance: ${scientific(check.worst.residual)} of ${scientific(check.worst.tolerance)}.`,
    "Each hypothesis is needed:",
    counterexamples.join("\n"),
  ].join("\n\n");
}

function page(checked, runs, seed) {
  return `# Theorems, run

Each theorem is an object of \`@semifactor/ghmm/theorems\` with a statement, an arbitrary of random instances, a residual, a tolerance and
a counterexample for every hypothesis. Check one on a process of your own:

\`\`\`ts run
import { rrxor } from "@semifactor/ghmm";
import { checkTheorem, normalization } from "@semifactor/ghmm/theorems";

const instance = { process: rrxor(), maxLength: 5 };
const { holds, worst } = checkTheorem(normalization, { instance });
expect(holds).toBe(true);
expect(worst.residual).toBeLessThan(1e-14);
\`\`\`

The numbers below were written by \`npx -y pnpm@10.34.9 theorems --runs ${runs} --seed ${seed} --write\`. A residual is the largest
absolute difference between the two sides (relative to the scale of the beliefs, where those are signed). The tolerance
of an instance grows with the condition number of the basis that it is written in.

${checked.map(section).join("\n\n")}
`;
}

await runCommand(async (args) => {
  const { values } = parseArgs({
    args: args.filter((argument) => argument !== "--"),
    options: {
      runs: { type: "string", default: "1000" },
      seed: { type: "string", default: "0" },
      write: { type: "boolean", default: false },
    },
  });
  const [runs, seed] = [positiveInteger("runs", values.runs), positiveInteger("seed", values.seed)];
  const checked = await checkAll(runs, seed);
  process.stdout.write(`${report(checked)}\n`);
  if (values.write) {
    const path = join(root, "docs", "theory", "theorems.md");
    writeFileSync(`${path}.tmp`, page(checked, runs, seed));
    renameSync(`${path}.tmp`, path);
  }
  const wrong = checked.filter(({ check }) => !check.holds || check.counterexamples.some(({ violates }) => !violates));
  if (wrong.length > 0) throw new CommandError(`theorems: ${wrong.map(({ theorem }) => theorem.id).join(", ")} failed`);
});
