import { createWasmEngine } from "../../engines/wasm/index.ts";
import { mess3Replica } from "../../loop/_testing/hidden-markov.ts";
import { trainInFolder } from "../run-folder-train.ts";

/**
 * A process that trains in a folder, pausing after every step, and kills itself without warning so many milliseconds after a step: in the middle of another
 * step, of a checkpoint or of a line of metrics. Arguments: folder, pause, step (0: never), milliseconds; with a fifth it waits after its first step until its
 * input ends.
 */
const [folder = "", ...numbers] = process.argv.slice(2);
const [pause = 0, killAt = 0, delay = 0, held = 0] = numbers.map(Number);
let dying = false;
const die = (): void => void process.kill(process.pid, "SIGKILL");
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
    if (killAt > 0 && step >= killAt && !dying) {
      dying = true;
      if (delay === 0) die();
      else setTimeout(die, delay);
    }
    if (held > 0 && step === 1) await new Promise((resolve) => process.stdin.once("end", resolve).resume());
    await new Promise((resolve) => setTimeout(resolve, pause));
  },
}).then(
  () => process.stdout.write("done\n"),
  (error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.name : String(error)}\n`);
    process.exitCode = 1;
  },
);
engine.dispose();
