import { join } from "node:path";
import { CorruptFileError, foldIn } from "@semifactor/ghmm";
import { personaSegmentsOptimalLoss } from "@semifactor/sfp";
import { createEngine } from "@semifactor/train";
import * as v from "valibot";
import { readJson, writeJson } from "../run/atomic-file.ts";
import { type CellHooks, type CellJob, cellKeys } from "./cell-job.ts";
import { cellProcess } from "./cells.ts";
import { adapterNames, requireConfig, totalSteps } from "./config.ts";
import { evaluationSet } from "./excess-loss.ts";
import { fineTune } from "./fine-tune.ts";
import { initialModel, pretrain } from "./pretrain.ts";
import { probeData, probeTable } from "./probes.ts";
import { type CellResult, cellResultSchema, type FineTuneResult, fineTuneResultSchema } from "./results.ts";
import { shiftBaseline } from "./shift.ts";
import { steer } from "./steering.ts";

/**
 * Runs one cell from pretraining to its result, taking up whatever an earlier run left in the folder.
 *
 * Pretraining resumes at its last checkpoint, a finished fine-tuning run is read back, an unfinished one starts again (seconds). Every stage is a pure function
 * of the config, so the result does not depend on where the run was interrupted.
 * @throws CellInterrupted when asked to stop; CorruptFileError for files that are not what was written
 */
export async function runCell({ config, folder }: CellJob, hooks: CellHooks): Promise<CellResult> {
  const keys = cellKeys(config.seed);
  const process = cellProcess(config.cell);
  const total = totalSteps(config);
  const configPath = join(folder, "config.json");
  const found = readJson(configPath, v.looseObject({}));
  if (found === undefined) await writeJson(configPath, config);
  else requireConfig(configPath, found, config);
  const engine = await createEngine({ device: "wasm", threads: 1 });
  try {
    const optimal = personaSegmentsOptimalLoss(process);
    const untrained = initialModel(process, config, keys.weights);
    const trained = await pretrain({ config, folder, process, engine, keys, untrained, total, hooks });
    const { model } = trained;

    hooks.onProgress({ done: config.pretrain.steps, total, stage: "probes", note: "" });
    const set = evaluationSet(process, keys.probes, config.evaluation.probeSequences);
    const data = await probeData(engine, model, set);
    const probes = probeTable(data, await probeData(engine, untrained, set), config.model.dModel, keys.folds);
    const steering = await steer(engine, model, process, data, keys.directions);

    const fineTuned: FineTuneResult[] = [];
    let done = config.pretrain.steps;
    for (const [setIndex, narrow] of config.narrowSets.entries()) {
      const baseline = await shiftBaseline(engine, model, process, narrow, keys.prompts);
      for (const [adapterIndex, adapter] of adapterNames.entries()) {
        const path = join(folder, "fine-tune", `${adapter}-${narrow.join("-")}.json`);
        const known = readJson(path, fineTuneResultSchema);
        if (known !== undefined && (known.adapter !== adapter || known.narrowSet.join() !== narrow.join())) {
          throw new CorruptFileError({
            source: "runCell",
            problem: `${path} holds the run of ${known.adapter} on (${known.narrowSet.join(", ")})`,
            remedy: "Delete it and run again",
          });
        }
        const key = foldIn(keys.fineTuning, setIndex * adapterNames.length + adapterIndex);
        const before = done;
        const run =
          known ??
          (await fineTune({
            config,
            adapter,
            baseline,
            engine,
            model,
            key,
            hooks,
            progress: (step) => ({ done: before + step, total }),
          }));
        if (known === undefined) await writeJson(path, run);
        fineTuned.push(run);
        done += config.fineTune[adapter].steps;
      }
    }
    const result: CellResult = {
      config,
      process: {
        noise: process.noise,
        optimalLoss: optimal.mean.total,
        alignmentLoss: optimal.mean.alignment,
        capabilityLoss: optimal.mean.capability,
        optimalLossByPosition: [...optimal.byPosition],
      },
      pretrain: trained.result,
      fineTune: fineTuned,
      probes: [...probes],
      steering,
    };
    await writeJson(join(folder, "result.json"), v.parse(cellResultSchema, result));
    return result;
  } finally {
    engine.dispose();
  }
}
