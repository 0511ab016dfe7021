import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CorruptFileError } from "@semifactor/ghmm";
import { createEngine } from "@semifactor/train";
import { loadCheckpoint, saveCheckpoint } from "@semifactor/train/node";
import { afterAll, describe, expect, test } from "vitest";
import { CellInterrupted, cellKeys } from "./cell-job.ts";
import { cellProcess } from "./cells.ts";
import { cellConfig, totalSteps } from "./config.ts";
import { initialModel, pretrain } from "./pretrain.ts";

const config = cellConfig({ cell: "independent-direct", seed: 1, engine: "any", smoke: true });
const process = cellProcess(config.cell);
const keys = cellKeys(config.seed);
const engine = await createEngine({ device: "wasm" });
afterAll(() => engine.dispose());
const untrained = initialModel(process, config, keys.weights);
const folder = (): string => mkdtempSync(join(tmpdir(), "semifactor-pretrain-"));
const run = (path: string, stopRequested: () => boolean = () => false) =>
  pretrain({
    config,
    folder: path,
    process,
    engine,
    keys,
    untrained,
    total: totalSteps(config),
    hooks: { stopRequested, onProgress: () => undefined },
  });

describe("pretrain", async () => {
  const whole = await run(folder());

  test("comes nearer to the Bayes loss, and the curve says so", () => {
    expect(whole.result.curve.map((point) => point.step)).toEqual([0, 20, 40, 60]);
    expect(whole.result.curve.at(-1)?.excess).toBeLessThan(whole.result.curve[0]?.excess ?? 0);
    expect(whole.result.excessByPosition).toHaveLength(16);
    expect(whole.result.passesGate).toBe(whole.result.excessLoss < 0.03);
  });

  test.each([1, 20, 33])("stopped at step %d and taken up again it is the same run", async (at) => {
    const path = folder();
    let steps = 0;
    await expect(run(path, () => ++steps >= at)).rejects.toThrow(CellInterrupted);
    const saved = await loadCheckpoint(join(path, "pretrain.safetensors"));
    expect(saved.state?.step).toBe(at);
    expect(await run(path)).toEqual(whole);
  });

  test("a finished one is read back without a step", async () => {
    const path = folder();
    await run(path);
    expect(await run(path, () => true)).toEqual(whole);
  });

  test("a checkpoint without its learning curve is named", async () => {
    const path = folder();
    await run(path);
    const file = join(path, "pretrain.safetensors");
    await saveCheckpoint(file, { ...(await loadCheckpoint(file)), metadata: '"no curve"' });
    await expect(run(path)).rejects.toThrow(CorruptFileError);
    await expect(run(path)).rejects.toThrow(/pretrain\.safetensors.*Delete it and run again/);
  });
});
