import { expect, test } from "vitest";
import { randomModel } from "../../model/_testing/random-model.ts";
import { compilePlan } from "../../plan/compile.ts";
import { bufferLookup } from "./buffer-at.ts";

test("every element of every buffer of a plan is found in it", () => {
  const plan = compilePlan({ config: randomModel().config, batch: 2, length: 3, trainable: "all", optimizer: "sgd" });
  const find = bufferLookup(plan);
  for (const spec of plan.buffers.values()) {
    // SGD has no second moment: `v` is empty, and the buffer after it begins where it would.
    if (spec.length === 0) continue;
    for (const inner of [0, spec.length - 1]) {
      expect(find({ region: spec.region, offset: spec.offset + inner }).name).toBe(spec.name);
    }
  }
  expect(plan.buffers.get("v")?.length).toBe(0);
  expect(() => find({ region: "shared", offset: -1 })).toThrow("no buffer at shared -1");
});
