import { createKey } from "@semifactor/ghmm";
import { families } from "@semifactor/sfp";
import { createReferenceEngine, createTransformer } from "@semifactor/train";
import { describe, expect, test } from "vitest";
import { evaluationSet } from "./excess-loss.ts";
import { probeData, probedHooks, probeTable } from "./probes.ts";

const process = families.personaSegments({ code: "direct", noise: 0.1, contexts: 3 });
const sizes = {
  nLayers: 2,
  dModel: 8,
  nHeads: 2,
  nCtx: process.length - 1,
  vocabularySize: process.vocabularySize,
  outputSize: process.outputSize,
};
const engine = createReferenceEngine();
const set = evaluationSet(process, createKey(4), 40);

describe("probeData", async () => {
  const data = await probeData(engine, createTransformer(sizes), set);

  test("keeps the 16 rows of each sequence that predict an emission", () => {
    expect([...data.groups].filter((n) => n === 7)).toHaveLength(16);
    expect(data.groups).toHaveLength(40 * 16);
    for (const hook of probedHooks) expect(data.activations.get(hook)).toHaveLength(40 * 16 * 8);
  });

  test("targets are the exact beliefs at those rows", () => {
    // Row 0 of every sequence stands at the first context token, where only the priors are known.
    for (let n = 0; n < 40; n++) {
      expect(data.targets.persona[n * 16]).toBeCloseTo(0.3, 12);
      expect([...data.targets.phase.subarray(n * 48, n * 48 + 3)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    }
    // Row 1 has seen one emission d: posterior odds .3/.7 times 9 or 1/9.
    const posterior = [1, 0].map((d) => (d === 1 ? (0.3 * 9) / (0.3 * 9 + 0.7) : 0.3 / (0.3 + 0.7 * 9)));
    for (let n = 0; n < 40; n++) {
      const d = (set.tokens[n * process.length + 2] ?? 0) >> 1;
      expect(data.targets.persona[n * 16 + 1]).toBeCloseTo(posterior[1 - d] ?? Number.NaN, 12);
    }
  });
});

test("probeTable: a network compared with itself has the untrained network's R^2, and beats shuffled targets on the direct code", async () => {
  const data = await probeData(engine, createTransformer(sizes), set);
  const table = probeTable(data, data, sizes.dModel, createKey(9));
  expect(table.map(({ hook, target }) => [hook, target])).toEqual(
    probedHooks.flatMap((hook) => [
      [hook, "persona"],
      [hook, "phase"],
    ]),
  );
  for (const row of table) expect(row.r2).toBe(row.untrained);
  const embedding = table[0];
  // The direct code writes the alignment bit itself, so even an untrained embedding shows part of the persona.
  expect(embedding?.r2).toBeGreaterThan(0.1);
  expect(embedding?.shuffledMax).toBeLessThan(embedding?.r2 ?? 0);
});
