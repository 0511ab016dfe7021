import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { randomModel } from "../model/_testing/random-model.ts";
import { compilePlan } from "../plan/compile.ts";
import { packParameters } from "../plan/parameter-layout.ts";
import { createReferenceEngine } from "./reference.ts";

const { config, weights } = randomModel();
const plan = compilePlan({ config, batch: 4, length: 2, shards: 2, keepLogits: true });

describe("the reference engine", () => {
  test("buffers of shards are uploaded and downloaded as the whole batch", () => {
    const engine = createReferenceEngine();
    const tokens = Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2);
    engine.upload(plan, "tokens", tokens);
    expect(engine.download(plan, "tokens")).toEqual(tokens);
    const out = new Float64Array(8);
    expect(engine.download(plan, "tokens", out)).toBe(out);
    expect([...out]).toEqual([...tokens]);
  });

  test("two plans do not share memory; a released plan starts from zero", () => {
    const engine = createReferenceEngine();
    const other = compilePlan({ config, batch: 4, length: 2, shards: 2, keepLogits: true });
    engine.upload(plan, "tokens", new Int32Array(8).fill(3));
    expect([...engine.download(other, "tokens")]).toEqual(Array(8).fill(0));
    engine.release(plan);
    expect([...engine.download(plan, "tokens")]).toEqual(Array(8).fill(0));
  });

  test("the number of shards does not change the logits", () => {
    const engine = createReferenceEngine();
    const logits = [1, 2, 4].map((shards) => {
      const sharded = compilePlan({ config, batch: 4, length: 2, shards, keepLogits: true });
      engine.upload(sharded, "parameters", packParameters(sharded.parameters, weights, "test"));
      engine.upload(sharded, "tokens", Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2));
      engine.execute(sharded, "forward");
      return engine.download(sharded, "logits");
    });
    expect(logits[1]).toEqual(logits[0]);
    expect(logits[2]).toEqual(logits[0]);
  });

  test("a plan that is too large is refused with its size, before anything is allocated", () => {
    const engine = createReferenceEngine();
    const large = compilePlan({ config, batch: 2 ** 28, length: 2, shards: 1, keepLogits: true });
    expect(() => engine.execute(large, "forward")).toThrow(UnsupportedError);
    expect(() => engine.execute(large, "forward")).toThrow(/needs \d+ MiB, more than the 16384 MiB/);
    expect(engine.memory(large)).toBeGreaterThan(2 ** 34);
  });

  test("refusals", () => {
    const engine = createReferenceEngine();
    expect(() => engine.upload(plan, "token", [])).toThrow(InvalidArgumentError);
    expect(() => engine.upload(plan, "tokens", [1])).toThrow(ShapeError);
    expect(() => engine.download(plan, "tokens", new Int32Array(1))).toThrow(ShapeError);
    expect(() => engine.download(plan, "ln_final.hook_normalized")).toThrow(UnsupportedError);
    expect(() => engine.execute(plan, "step")).toThrow(UnsupportedError);
    engine.dispose();
    expect(() => engine.execute(plan, "forward")).toThrow(/disposed/);
  });
});
