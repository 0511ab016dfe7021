import { expect, test } from "vitest";
import { completeConfig } from "../model/config.ts";
import { callsOf, namedArguments } from "./_testing/inspect-plan.ts";
import { compilePlan } from "./compile.ts";
import { stepOperations } from "./step-operations.ts";

test("the products of linear layers are those that a plan calls, but for the input of the first layer", () => {
  const config = completeConfig({
    nLayers: 2,
    dModel: 8,
    nHeads: 2,
    nKeyValueHeads: 1,
    gatedMlp: true,
    nCtx: 4,
    vocabularySize: 5,
  });
  const plan = compilePlan({ config, batch: 4, length: 3, shards: 1, trainable: "all" });
  const { gradient } = plan.phases;
  let operations = 0;
  for (const call of callsOf({ ...plan, phases: { ...(gradient ? { gradient } : {}) } })) {
    const { rows, nIn, nOut, dW } = namedArguments(call);
    if (!call.kernel.startsWith("linear") || dW === 0) continue;
    operations += 2 * Number(rows) * Number(nIn) * Number(nOut);
  }
  const attention = 6 * 12 * 2 * 2 * 4 * 3;
  expect(stepOperations({ config, batch: 4, length: 3 })).toBe(operations + attention);
});
