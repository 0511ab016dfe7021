import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../sources.ts";
import { runTheorem } from "./check.ts";
import { allTheorems } from "./command.ts";
import { spreadFormulas, theoremPages, withoutMeasurements } from "./pages.ts";
import { smallTheorem } from "./testing/small-theorem.ts";

const katex = createRequire(join(root, "docs", "package.json"))("katex");

describe("spreadFormulas", () => {
  test("puts display formulas on lines of their own, with the mark after them", () => {
    expect(spreadFormulas("As $a$: $$ x = y $$. So")).toBe("As $a$:\n\n$$\nx = y .\n$$\n\nSo");
    expect(spreadFormulas("As\n$$\nx\n$$\nSo\n\n$$ y $$")).toBe("As\n\n$$\nx\n$$\n\nSo\n\n$$\ny\n$$");
    expect(spreadFormulas("No $a$ and $b$.")).toBe("No $a$ and $b$.");
  });
});

describe("theoremPages", () => {
  const measured = (key: number) => ({ runs: 30, key, outcomes: [runTheorem(smallTheorem, { runs: 30, key })] });
  const pages = theoremPages([smallTheorem], measured(7));
  const page = pages.get("T1.md") ?? "";

  test("has one page for each theorem, and their index", () => {
    expect([...pages.keys()]).toEqual(["index.md", "T1.md"]);
    expect(page).toMatch(/^# T1: Integers are below 50\n\n_Standard: textbook material/);
    for (const part of [
      "## Hypotheses",
      "## Proof",
      "## What it is for",
      "## Last run",
      "## The check",
      "</details>",
    ]) {
      expect(page.split(part), part).toHaveLength(2);
    }
    expect(page).toContain("- without _small_: fifty. Residual <!--run-->1<!--end-->.");
    expect(page).toContain("`npm run theorems -- --only T1 --runs 30 --key 7`: 30 random instances");
    expect(pages.get("index.md")).toContain(
      "| [T1](./T1.md) | Integers are below 50 | standard | <!--run-->0 of 5.0e-1<!--end--> | <!--run-->30<!--end--> |",
    );
  });

  test("differs by the run only in what is marked", () => {
    for (const [name, text] of theoremPages([smallTheorem])) {
      const [one, other] = [pages.get(name) ?? "", theoremPages([smallTheorem], measured(8)).get(name) ?? ""];
      expect(one).not.toBe(other);
      expect(withoutMeasurements(one)).toBe(withoutMeasurements(other));
      expect(withoutMeasurements(one)).toBe(withoutMeasurements(text));
    }
    const reworded = theoremPages([{ ...smallTheorem, proof: "Otherwise." }]).get("T1.md") ?? "";
    expect(withoutMeasurements(reworded)).not.toBe(withoutMeasurements(page));
  });

  test("what stands between two numbers counts", () => {
    const line = (between: string) =>
      withoutMeasurements(`a <!--run-->1<!--end-->${between}<!--run-->2\n3<!--end--> c`);
    expect(line(" b ")).toBe("a <!--run--><!--end--> b <!--run--><!--end--> c");
  });

  test("says what no run shows", () => {
    const [index, own] = ["index.md", "T1.md"].map((name) =>
      theoremPages([{ ...smallTheorem, untested: "That $n$ exists." }]).get(name),
    );
    expect(index).toContain("- [T1](./T1.md): That $n$ exists.");
    expect(own).toContain("## What no run shows\n\nThat $n$ exists.");
    expect(page).not.toContain("## What no run shows");
  });

  test("no line begins with a comment, which would make it raw HTML", () => {
    for (const text of pages.values()) expect(text).not.toMatch(/^\s*<!--/m);
  });
});

/** The formulas of a text, display formulas first. */
function formulas(text: string): readonly { readonly tex: string; readonly displayMode: boolean }[] {
  const prose = spreadFormulas(text);
  const display = [...prose.matchAll(/\$\$\n([\s\S]+?)\n\$\$/g)].map(([, tex = ""]) => ({ tex, displayMode: true }));
  const inline = [...prose.replaceAll(/\$\$\n[\s\S]+?\n\$\$/g, "").matchAll(/\$([^$]+)\$/g)];
  return [...display, ...inline.map(([, tex = ""]) => ({ tex, displayMode: false }))];
}

test.each(allTheorems.map((theorem) => [theorem.id, theorem] as const))("the formulas of %s are TeX", (_, theorem) => {
  const { statement, proof, use, untested = "", hypotheses } = theorem;
  const found = [statement, proof, use, untested, ...hypotheses.map((it) => it.statement)].flatMap(formulas);
  expect(found.length).toBeGreaterThan(0);
  for (const { tex, displayMode } of found) {
    expect(() => katex.renderToString(tex, { displayMode, strict: "error" }), tex).not.toThrow();
    // the renderer takes no dollar sign beside a space for the start or end of a formula
    if (!displayMode) expect(tex, theorem.id).toBe(tex.trim());
  }
});
