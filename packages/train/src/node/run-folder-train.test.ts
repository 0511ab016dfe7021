import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKey, uniform } from "@semifactor/ghmm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { mess3Replica } from "../loop/_testing/hidden-markov.ts";
import { train } from "../loop/train.ts";
import { addLora } from "../lora/add-lora.ts";
import { bundleModule } from "./_testing/bundle-module.ts";
import { readMetrics } from "./metrics-file.ts";
import { type TrainInFolderOptions, trainInFolder } from "./run-folder-train.ts";

const scratch = mkdtempSync(join(tmpdir(), "semifactor-run-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const child = join(scratch, "killed-run.mjs");
beforeAll(() => bundleModule(fileURLToPath(new URL("./_testing/killed-run.ts", import.meta.url)), child), 60_000);

/** Runs the child in a folder: all that it wrote, and what killed it. Where there is something to wait `until`, it goes no further than its first step before. */
function runChild(
  folder: string,
  options: {
    readonly pause?: number;
    readonly killAt?: number;
    readonly delay?: number;
    readonly until?: Promise<unknown>;
  } = {},
): Promise<{ readonly output: string; readonly signal: string | null }> {
  return new Promise((resolve, reject) => {
    const { pause = 0, killAt = 0, delay = 0, until } = options;
    const held = until === undefined ? 0 : 1;
    const run = spawn(process.execPath, [child, folder, ...[pause, killAt, delay, held].map(String)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const release = (): void => void run.stdin.end();
    (until ?? Promise.resolve()).then(release, release);
    let output = "";
    run.stdout.on("data", (chunk) => {
      output += String(chunk);
    });
    run.on("error", reject);
    run.on("close", (_, signal) => resolve({ output, signal }));
  });
}

const files = (folder: string): readonly string[] => readdirSync(folder).toSorted();
const lossesOf = (folder: string) =>
  readMetrics(join(folder, "metrics.jsonl")).map(({ tokensPerSecond: _, ...rest }) => rest);

describe("a run that is killed", () => {
  test("at a random step ten times over ends bit-identical to an undisturbed one, and its metrics are complete", async () => {
    const [whole, killed] = [join(scratch, "whole"), join(scratch, "killed")];
    expect((await runChild(whole)).output).toBe("done\n");
    // Ascending, so that every process gets further than the one before it; some die at a step, others a moment later.
    const draws = uniform(createKey(17), 10);
    const kills = [...draws].map((draw) => 1 + Math.floor(32 * draw)).toSorted((a, b) => a - b);
    for (const [i, killAt] of kills.entries()) {
      const { output, signal } = await runChild(killed, { killAt, delay: i % 4, pause: 2 });
      expect([output, signal]).toEqual(["", "SIGKILL"]);
    }
    expect(files(killed)).toContain("lock");
    expect((await runChild(killed)).output).toBe("done\n");
    const checkpoint = (folder: string) => readFileSync(join(folder, "checkpoint.safetensors")).toString("base64");
    expect(checkpoint(killed) === checkpoint(whole)).toBe(true);
    expect(lossesOf(killed)).toEqual(lossesOf(whole));
    expect(lossesOf(killed).map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(files(killed)).toEqual(["checkpoint.safetensors", "config.json", "metrics.jsonl"]);
  });

  test("two processes at once: one writes, the other is refused by name", async () => {
    const folder = join(scratch, "shared");
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = runChild(folder, { until });
    try {
      while (!existsSync(join(folder, "metrics.jsonl"))) await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await runChild(folder)).output).toBe("RunFolderBusyError\n");
    } finally {
      release();
    }
    expect((await first).output).toBe("done\n");
    expect(lossesOf(folder)).toEqual(lossesOf(join(scratch, "whole")));
  });
});

const options: Omit<TrainInFolderOptions, "folder"> = {
  ...mess3Replica(2),
  engine: createReferenceEngine(),
  steps: 5,
  checkpointEvery: 2,
};

describe("trainInFolder", () => {
  test("gives what train gives; a run that is done is read, not run again", async () => {
    const folder = join(scratch, "done");
    const { state } = await train(options);
    expect((await trainInFolder({ ...options, folder })).state).toEqual(state);
    const told: number[] = [];
    const again = await trainInFolder({ ...options, folder, onStep: ({ step }) => void told.push(step) });
    expect([again.state, again.completed, told]).toEqual([state, true, []]);
  });

  test("a run that the signal stops goes on; a constant rate allows more steps, a schedule does not", async () => {
    const folder = join(scratch, "stopped");
    const stop = new AbortController();
    const onStep = ({ step }: { readonly step: number }): void => {
      if (step === 3) stop.abort();
    };
    const part = await trainInFolder({ ...options, folder, onStep, signal: stop.signal });
    expect([part.state.step, part.stoppedBy]).toEqual([3, "signal"]);
    expect((await trainInFolder({ ...options, folder })).state).toEqual((await train(options)).state);
    const more = await trainInFolder({ ...options, folder, steps: 8 });
    expect(more.state).toEqual((await train({ ...options, steps: 8 })).state);
    expect(lossesOf(folder)).toHaveLength(8);

    const cosine = { ...options, optimizer: { learningRate: 0.01, schedule: "cosine" as const } };
    await trainInFolder({ ...cosine, folder: join(scratch, "cosine") });
    await expect(trainInFolder({ ...cosine, folder: join(scratch, "cosine"), steps: 8 })).rejects.toThrow(
      /training\.steps was 5 and is 8/,
    );
  });

  test("another run, or another model, in the folder is refused by what differs, and the folder is free again", async () => {
    const folder = join(scratch, "other");
    const lora = addLora(options.model, { target: "unembed.W_U", rank: 1, key: createKey(0) });
    await trainInFolder({ ...options, folder, steps: 2 });
    const attempt = (part: Partial<TrainInFolderOptions>) => trainInFolder({ ...options, folder, ...part });
    await expect(attempt({ optimizer: { learningRate: 0.5 } })).rejects.toThrow(/learningRate was 0\.01 and is 0\.5/);
    await expect(attempt({ model: lora })).rejects.toThrow(/config\.json is of another run: adapters/);
    await expect(attempt({ config: { seed: 1 } })).rejects.toThrow(/config was absent and is \{"seed":1\}/);
    expect((await attempt({})).state.step).toBe(5);
    expect(files(folder)).not.toContain("lock");
  });

  test("a damaged checkpoint is named and nothing is overwritten", async () => {
    const folder = join(scratch, "damaged");
    await trainInFolder({ ...options, folder });
    const path = join(folder, "checkpoint.safetensors");
    truncateSync(path, 1000);
    await expect(trainInFolder({ ...options, folder })).rejects.toMatchObject({ name: "CorruptFileError" });
    await expect(trainInFolder({ ...options, folder })).rejects.toThrow(path);
    expect(readFileSync(path)).toHaveLength(1000);
  });

  test("a loss that is not finite leaves the last checkpoint, from which another rate cannot go on by mistake", async () => {
    const folder = join(scratch, "diverged");
    const wild = { ...options, optimizer: { learningRate: 1e200, clip: 0 }, checkpointEvery: 1 };
    await expect(trainInFolder({ ...wild, folder })).rejects.toMatchObject({ name: "NotConvergedError" });
    expect(files(folder)).toEqual(["checkpoint.safetensors", "config.json", "metrics.jsonl"]);
    await expect(trainInFolder({ ...options, folder })).rejects.toThrow(
      /training\.optimizer\.clip was 0 and is absent/,
    );
  });
});

describe("options that are wrong", () => {
  test.each<[string, object]>([
    ["learningRate is -1", { optimizer: { learningRate: -1 } }],
    ["steps is undefined", { steps: undefined }],
    ["checkpointEvery is undefined", { checkpointEvery: undefined }],
    ["model is undefined", { model: undefined }],
    ["source is undefined", { source: undefined }],
    ["config is no JSON", { config: { seed: 1n } }],
    ["config is no JSON", { config: circular() }],
  ])("%s: refused, and the folder is as it was", async (message, part) => {
    const folder = join(scratch, "wrong");
    await expect(trainInFolder({ ...options, folder, ...part } as TrainInFolderOptions)).rejects.toThrow(message);
    expect(existsSync(folder)).toBe(false);
  });

  test("no folder, no options", async () => {
    await expect(trainInFolder({ ...options, folder: undefined as never })).rejects.toThrow("folder is undefined");
    await expect(trainInFolder(undefined as never)).rejects.toThrow("trainInFolder: options is undefined");
  });
});

describe("a run does not go on as another", () => {
  test("with other interventions", async () => {
    const folder = join(scratch, "interventions");
    const width = options.model.config.dModel;
    const wide = (first: number) => [
      { hook: "hook_embed" as const, vector: Array.from({ length: width }, (_, i) => (i === 0 ? first : 0)) },
    ];
    await trainInFolder({ ...options, folder, steps: 2, interventions: wide(1) });
    const attempt = (part: object) => trainInFolder({ ...options, folder, ...part });
    await expect(attempt({})).rejects.toThrow(/training\.interventions was "[0-9a-f]{64}" and is absent/);
    await expect(attempt({ interventions: wide(2) })).rejects.toThrow(/training\.interventions was/);
    expect((await attempt({ interventions: wide(1) })).state.step).toBe(5);
  });

  test("with another function that chooses what decays", async () => {
    const folder = join(scratch, "decay");
    const decayed = (decay: (name: string) => boolean) => ({ optimizer: { learningRate: 0.01, decay } });
    await trainInFolder({ ...options, folder, steps: 2, ...decayed((name) => name.includes("W_")) });
    await expect(trainInFolder({ ...options, folder, ...decayed(() => false) })).rejects.toThrow(
      /training\.decayed\.\d+/,
    );
    expect((await trainInFolder({ ...options, folder, ...decayed((name) => /W_/.test(name)) })).state.step).toBe(5);
  });
});

test("what stops a run is reported, also where the folder cannot be given back", async () => {
  const folder = join(scratch, "replaced");
  const onStep = (): never => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file stands there now");
    throw new Error("the caller's own");
  };
  await expect(trainInFolder({ ...options, folder, onStep })).rejects.toThrow("the caller's own");
});

function circular(): object {
  const config: { self?: object } = {};
  config.self = config;
  return config;
}
