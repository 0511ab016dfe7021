import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { sparseHmm } from "../arbitraries/index.ts";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { mixedStatePresentation } from "../presentation/mixed-state-presentation.ts";
import { createHmm } from "../process/create.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { expectWellFormed } from "./_testing/well-formed.ts";
import { presentationGraph } from "./presentation-graph.ts";

const z1r = mixedStatePresentation(zeroOneRandom({ p: 0.5 }));
const count = (svg: string, kind: string) => svg.match(new RegExp(`<g class="${kind}">`, "g"))?.length ?? 0;

describe("presentationGraph", () => {
  it("has a circle for every state and an arrow for every pair", async () => {
    const svg = await presentationGraph(z1r);
    expectWellFormed(svg);
    expect(count(svg, "node")).toBe(7 + 1);
    expect(count(svg, "edge")).toBe(new Set(z1r.transitions.map(({ from, to }) => `${from} ${to}`)).size + 1);
    expect(svg).toContain("1: 0.667");
  });

  it("tells recurrent and transient states apart without colour, and says so", async () => {
    const svg = await presentationGraph(z1r);
    expect(svg.match(/<ellipse [^>]*stroke-width="2"/g)?.length).toBe(3);
    expect(svg.match(/<ellipse [^>]*stroke-dasharray/g)?.length).toBe(4);
    expect(svg).toContain("recurrent: thick border (3)");
    expect(svg).toContain("transient: dashed border (4)");
    expect(svg).toMatch(
      /<desc>7 mixed states, 3 of them recurrent \(thick border\), the others with a dashed border\. /,
    );
    const truncated = await presentationGraph(mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 13 }));
    expect(truncated).toContain("steps not listed: dotted border (9)");
    expect(truncated).toContain("truncated");
  });

  it("has a title and a description for those who do not see it, and no ids", async () => {
    const svg = await presentationGraph(z1r, { title: 'a "b" & <c>', description: "five > four" });
    expectWellFormed(svg);
    expect(svg).toContain("<title>a &quot;b&quot; &amp; &lt;c&gt;</title><desc>five &gt; four</desc>");
    expect(svg).toContain('role="img" aria-label="a &quot;b&quot; &amp; &lt;c&gt;"');
    expect(svg).not.toMatch(/ id="/);
  });

  it("takes names of tokens that look like markup", async () => {
    const process = createHmm({ operators: [[[0.5]], [[0.5]]], alphabet: ['<"&>', "\\N"] });
    const svg = await presentationGraph(mixedStatePresentation(process), { label: () => "<b>" });
    expectWellFormed(svg);
    expect(svg).toContain("&lt;b&gt;");
    expect(svg).toContain("\\N: 0.5");
  });

  test.prop([sparseHmm({ maxStates: 3 })], { numRuns: 10 })("is well-formed for any process", async (process) => {
    expectWellFormed(await presentationGraph(mixedStatePresentation(process, { maxStates: 12 })));
  });

  it("refuses graphs too large to read", async () => {
    const large = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 400 });
    await expect(presentationGraph(large)).rejects.toThrow(InvalidArgumentError);
    await expect(presentationGraph(large)).rejects.toThrow("presentationGraph: the presentation has 400 states");
    await expect(presentationGraph(z1r, { digits: -1 })).rejects.toThrow(InvalidArgumentError);
  });
});
