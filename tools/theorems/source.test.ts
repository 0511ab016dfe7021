import { describe, expect, test } from "vitest";
import { allTheorems } from "./command.ts";
import { theoremSources, theoremsOfSource } from "./source.ts";

const text = `import { a } from "./a.ts";
import type { Theorem } from "./theorem.ts";

/** Helps. */
const help = (n: number) => n + a;

function residual(n: number): number {
  return help(n);
}

/**
 * T5: says something.
 *
 * @example
 * \`\`\`ts
 * expect(1).toBe(1);
 * \`\`\`
 */
export const something: Theorem<number> = {
  id: "T5",
  name: "Something",
  proof: \`id: "T6"\`,
  residual,
  tolerance: () => 1e-9,
  counterexamples: [
    { drops: "it", description: "nothing", instance: 1 },
  ],
};
`;

describe("theoremsOfSource", () => {
  test("leaves imports and texts out", () => {
    const found = theoremsOfSource("x.ts", text);
    expect([...found.keys()]).toEqual(["T5"]);
    expect(found.get("T5")).toEqual({
      path: "x.ts",
      example: "expect(1).toBe(1);",
      code: `/** Helps. */
const help = (n: number) => n + a;

function residual(n: number): number {
  return help(n);
}

export const something: Theorem<number> = {
  // ... statement, hypotheses and proof are above
  residual,
  tolerance: () => 1e-9,
  counterexamples: [
    { drops: "it", description: "nothing", instance: 1 },
  ],
};`,
    });
  });

  test("a file without theorems has none", () => {
    expect(theoremsOfSource("x.ts", 'export const list = [{ id: "other" }];').size).toBe(0);
  });
});

test("every theorem's source is found, with an example", () => {
  const sources = theoremSources();
  for (const { id } of allTheorems) {
    expect(sources.get(id)?.code, id).toContain("residual");
    expect(sources.get(id)?.example, id).toContain("checkTheorem");
  }
  expect(sources.size).toBe(allTheorems.length);
});
