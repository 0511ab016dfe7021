import { createKey } from "@semifactor/ghmm";
import { createEngine, type Transformer } from "@semifactor/train";
import { afterAll, describe, expect, test } from "vitest";
import { CellInterrupted, cellKeys } from "./cell-job.ts";
import { cellProcess } from "./cells.ts";
import { type AdapterName, adapterNames, cellConfig } from "./config.ts";
import { fineTune } from "./fine-tune.ts";
import { initialModel } from "./pretrain.ts";
import { shiftBaseline } from "./shift.ts";

const config = cellConfig({ cell: "shared-pairs", seed: 0, engine: "any", smoke: true });
const process = cellProcess(config.cell);
const keys = cellKeys(0);
const engine = await createEngine({ device: "wasm" });
const model = initialModel(process, config, keys.weights);
const baseline = await shiftBaseline(engine, model, process, [0, 1], keys.prompts);
afterAll(() => engine.dispose());

const tune = (
  adapter: AdapterName,
  change: { readonly stop?: boolean; readonly gate?: number; readonly from?: Transformer } = {},
) =>
  fineTune({
    config: { ...config, gates: { ...config.gates, narrowShift: change.gate ?? 0.9 } },
    adapter,
    baseline,
    engine,
    model: change.from ?? model,
    key: createKey(3),
    hooks: { stopRequested: () => change.stop === true, onProgress: () => undefined },
    progress: (step) => ({ done: step, total: 6 }),
  });

describe.each(adapterNames)("fineTune, %s", (adapter) => {
  test("follows the shift from zero to the last step, the same for the same key", async () => {
    const run = await tune(adapter);
    expect(run.curve.map((shift) => shift.step)).toEqual([0, 2, 4, 6]);
    expect(run.curve[0]).toMatchObject({ narrow: 0, held: 0, frac: 0 });
    expect(run.final).toEqual(run.curve.at(-1));
    expect(run.narrowSet).toEqual([0, 1]);
    expect(await tune(adapter)).toEqual(run);
  });

  test("stops when asked to, without a result", async () => {
    await expect(tune(adapter, { stop: true })).rejects.toThrow(CellInterrupted);
  });
});

test("the gate is the first evaluation that reaches it, and the last one decides", async () => {
  const open = await tune("full", { gate: 1e-6 });
  const first = open.curve.find((shift) => shift.narrow >= 1e-6);
  expect(open.atGate).toEqual(first ?? null);
  expect(open.passesNarrowGate).toBe(open.final.narrow >= 1e-6);
  expect(await tune("full", { gate: 2 })).toMatchObject({ atGate: null, passesNarrowGate: false });
});

test("the pretrained model itself is never changed", async () => {
  const before = new Map([...model.weights].map(([name, values]) => [name, values.slice()]));
  for (const adapter of adapterNames) await tune(adapter);
  expect(model.weights).toEqual(before);
});
