import { examples } from "virtual:examples";
import { afterAll, describe, expect, it, vi } from "vitest";
import { examplesOfMarkdown, examplesOfSource } from "./examples.ts";

// The examples are written as a reader would paste them; only `expect` comes from outside.
vi.stubGlobal("expect", expect);
afterAll(() => {
  vi.unstubAllGlobals();
});

const paths = [...new Set(examples.map(({ path }) => path))];

describe.each(paths)("examples of %s", (path) => {
  for (const { line, run } of examples.filter((example) => example.path === path)) {
    it(`line ${line}`, async () => {
      await run();
    });
  }
});

describe("examplesOfSource", () => {
  it("takes the ts blocks of a doc comment, without its stars", () => {
    const text = ["/**", " * Adds.", " * @example", " * ```ts", " * const a = 1;", " *", " *   f(a);", " * ```", " */"];
    expect(examplesOfSource("x.ts", text.join("\n"))).toEqual([
      { path: "x.ts", line: 5, code: "const a = 1;\n\n  f(a);\n" },
    ]);
  });

  it("throws at a block that is not closed", () => {
    expect(() => examplesOfSource("x.ts", "/**\n * ```ts\n * a\n */")).toThrow("x.ts:2: the code block is not closed");
  });
});

describe("examplesOfMarkdown", () => {
  it("takes only the blocks that say run", () => {
    const text = "```ts\nno\n```\n\n```ts run\nyes();\n```\n```sh\nno\n```\n";
    expect(examplesOfMarkdown("x.md", text)).toEqual([{ path: "x.md", line: 6, code: "yes();\n" }]);
  });
});
