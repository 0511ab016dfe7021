import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { createHmm } from "../process/create.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { rrxor } from "../processes/rrxor.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { mixedStatePresentation } from "./mixed-state-presentation.ts";
import { presentationToDot } from "./presentation-dot.ts";

const z1r = mixedStatePresentation(zeroOneRandom({ p: 0.5 }));

describe("presentationToDot", () => {
  it("has a node for every mixed state and an edge for every pair", () => {
    const presentation = mixedStatePresentation(rrxor());
    const dot = presentationToDot(presentation);
    const pairs = new Set(presentation.transitions.map(({ from, to }) => `${from} -> ${to}`));
    expect(dot.match(/^ {2}\d+ \[/gm)?.length).toBe(36);
    expect(dot.match(/^ {2}\d+ -> \d+ \[/gm)?.length).toBe(pairs.size);
    expect(dot).toContain("start -> 0;");
  });

  it("puts all tokens between two states on one edge", () => {
    expect(presentationToDot(mixedStatePresentation(coin({ p: 0.25 })))).toContain(
      '0 -> 0 [label="0: 0.25\\n1: 0.75"]',
    );
  });

  it("tells recurrent, transient and frontier states apart without colour", () => {
    const truncated = mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 4 });
    const dot = presentationToDot(truncated);
    expect(dot).toMatch(/ 0 \[label="0", tooltip="transient: 0.333, 0.333, 0.333", style="dashed"/);
    expect(dot).toMatch(/ 1 \[label="1", tooltip="frontier: .*style="dotted"/);
    expect(presentationToDot(z1r).match(/style="filled", penwidth=2/g)?.length).toBe(3);
  });

  it("takes labels, a name and a number of decimals, and escapes them", () => {
    const process = createHmm({ operators: [[[1 / 3]], [[2 / 3]]], alphabet: ['"', "a\\b"] });
    const dot = presentationToDot(mixedStatePresentation(process), {
      name: 'a "b"',
      label: (i) => `s${i}\nx`,
      digits: 1,
    });
    expect(dot).toContain('digraph "a \\"b\\""');
    expect(dot).toContain('label="s0\\nx"');
    expect(dot).toContain('0 -> 0 [label="\\": 0.3\\na\\\\b: 0.7"]');
    expect(() => presentationToDot(z1r, { digits: 16 })).toThrow(InvalidArgumentError);
  });

  it("is read by Graphviz", async () => {
    const graphviz = await Graphviz.load();
    const process = createHmm({ operators: [[[1 / 3]], [[2 / 3]]], alphabet: ['"', "a\\b"] });
    for (const presentation of [z1r, mixedStatePresentation(process)]) {
      const plain = graphviz.layout(presentationToDot(presentation), "plain");
      expect(plain.match(/^node /gm)?.length).toBe(presentation.states.length + 1);
    }
  });
});
