import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { graphs, reachability } from "./_testing/graphs.ts";
import { recurrentClasses } from "./recurrent-classes.ts";

describe("recurrentClasses", () => {
  const marked = graphs.chain((graph) =>
    fc.record({
      graph: fc.constant(graph),
      expanded: fc.array(fc.boolean(), { minLength: graph.n, maxLength: graph.n }),
    }),
  );
  test.prop([marked], { numRuns: 200 })(
    "are the states that return from all they reach, if all of it is expanded",
    ({ graph, expanded }) => {
      const reach = reachability(graph);
      const { recurrent, classes } = recurrentClasses(expanded, graph.edges);
      recurrent.forEach((is, i) => {
        const reached = Array.from({ length: graph.n }, (_, j) => j).filter((j) => reach[i]?.[j]);
        expect(is).toBe(reached.every((j) => (reach[j]?.[i] ?? false) && (expanded[j] ?? false)));
        if (is) expect(classes.find((members) => members.includes(i))).toEqual(reached);
      });
      expect(classes.flat().length).toBe(recurrent.filter(Boolean).length);
    },
  );
});
