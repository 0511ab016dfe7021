import { createWasmEngine } from "../../engines/wasm/index.ts";
import { mess3Replica } from "../../loop/_testing/hidden-markov.ts";
import { trainInFolder } from "../run-folder-train.ts";

/** The process that tests kill: trains in the folder that its first argument names, and writes the number of each step that it has done. */
const [folder = "", pause = "0"] = process.argv.slice(2);
const engine = await createWasmEngine({ relaxedSimd: false });
await trainInFolder({
  ...mess3Replica(1),
  optimizer: { learningRate: 0.01, schedule: "cosine", warmup: 5 },
  folder,
  engine,
  steps: 40,
  checkpointEvery: 3,
  config: { process: "mess3", seed: 1 },
  evaluate: { every: 8, run: (model) => Math.abs(model.weights.get("unembed.W_U")?.[0] ?? Number.NaN) },
  async onStep({ step }) {
    process.stdout.write(`${step}\n`);
    await new Promise((resolve) => setTimeout(resolve, Number(pause)));
  },
}).then(
  () => process.stdout.write("done\n"),
  (error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.name : String(error)}\n`);
    process.exitCode = 1;
  },
);
engine.dispose();
