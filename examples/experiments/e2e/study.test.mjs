// End-to-end checks of the built study (run `pnpm build` first): exit codes, resuming, damaged files. Run with `node --test`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "semifactor-study-"));
const smoke = (out) => ["--smoke", "--cells", "shared-pairs,independent-direct", "--out", out];

/** Runs the study; `signal` is sent as soon as `until()` holds. */
function study(args, { signal, until } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--experimental-wasm-relaxed-simd", cli, ...args], { cwd: scratch });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    const poll =
      signal === undefined
        ? undefined
        : setInterval(() => {
            if (!until()) return;
            clearInterval(poll);
            child.kill(signal);
          }, 2);
    child.on("error", reject);
    child.on("exit", (code, killedBy) => {
      clearInterval(poll);
      resolve({ code, killedBy, output });
    });
  });
}

/** Files below `out` whose path contains `part`. */
function files(out, part) {
  if (!existsSync(out)) return [];
  return readdirSync(out, { recursive: true })
    .map((name) => join(out, String(name)))
    .filter((path) => path.includes(part) && !path.endsWith(".tmp"));
}

const results = (out) => readFileSync(join(out, "results.json"), "utf8");

describe("wrong use is refused before any work", () => {
  for (const [args, message] of [
    [["--seeds", "0"], /UsageError: .*--seeds must be a whole number from 1 to 1000, got "0".*--help/s],
    [["--cells", "shared-direct,nowhere"], /UsageError: .*unknown cell "nowhere"; choose from shared-direct/s],
    [["--workers", "-1"], /UsageError: .*--workers must be/s],
    [["--sneeds", "4"], /UsageError: .*unknown option '--sneeds'/s],
  ]) {
    test(`${args.join(" ")} exits with 2`, async () => {
      const out = join(scratch, "never");
      const { code, output } = await study([...args, "--out", out]);
      assert.equal(code, 2, output);
      assert.match(output, message);
      assert.equal(existsSync(out), false);
    });
  }

  test("an --out that cannot be written exits with 1", async () => {
    const file = join(scratch, "a-file");
    writeFileSync(file, "");
    const { code, output } = await study(["--smoke", "--out", join(file, "out")]);
    assert.equal(code, 1, output);
    assert.match(output, /OutputFolderError: .*a-file.*Choose a folder/s);
  });

  test("a folder of another version exits with 1 and keeps its files", async () => {
    const out = mkdtempSync(join(scratch, "old-"));
    const marker = JSON.stringify({ study: "emergent-misalignment", version: 0 });
    writeFileSync(join(out, "study.json"), marker);
    const { code, output } = await study(smoke(out));
    assert.equal(code, 1, output);
    assert.match(output, /StudyVersionError: .*version 0 .*version 1/s);
    assert.deepEqual(readdirSync(out), ["study.json"]);
    assert.equal(readFileSync(join(out, "study.json"), "utf8"), marker);
  });

  test("--help exits with 0 and lists the options", async () => {
    const { code, output } = await study(["--help"]);
    assert.equal(code, 0);
    for (const option of ["--seeds", "--cells", "--out", "--workers", "--smoke"])
      assert.match(output, new RegExp(option));
  });
});

describe("a study that is stopped goes on where it stood", () => {
  const whole = join(scratch, "whole");
  before(async () => {
    const { code, output } = await study(smoke(whole));
    assert.equal(code, 0, output);
    assert.match(output, /smoke: figures mean nothing/);
    assert.match(output, /Report: .*report\.html/);
    assert.ok(output.includes(readFileSync(join(whole, "summary.txt"), "utf8")));
    assert.ok(files(whole, "figures/grid.svg").length === 1);
  });

  test("a fine-tuning run passes its gate if, and only if, its narrow shift reached it", () => {
    for (const { config, fineTune } of JSON.parse(results(whole)).cells) {
      const gate = config.gates.narrowShift;
      for (const { curve, final, atGate, passesNarrowGate } of fineTune) {
        assert.deepEqual(final, curve.at(-1));
        assert.equal(passesNarrowGate, final.narrow >= gate);
        assert.deepEqual(atGate, curve.find(({ narrow }) => narrow >= gate) ?? null);
      }
    }
  });

  test("a finished cell is not run again, and the files stay the same", async () => {
    const first = results(whole);
    const { output } = await study(smoke(whole));
    assert.match(output, /2 finished before, 0 to run/);
    assert.equal(results(whole), first);
  });

  test("kill -9 in pretraining and again in fine-tuning: same results.json and report, byte for byte", async () => {
    const out = join(scratch, "killed");
    const checkpoint = () => files(out, "pretrain.safetensors").length > 0;
    assert.equal((await study(smoke(out), { signal: "SIGKILL", until: checkpoint })).killedBy, "SIGKILL");
    const tuned = () => files(out, "fine-tune/").length > 0;
    assert.equal((await study(smoke(out), { signal: "SIGKILL", until: tuned })).killedBy, "SIGKILL");
    assert.equal(existsSync(join(out, "results.json")), false);
    const { code, output } = await study(smoke(out));
    assert.equal(code, 0, output);
    assert.equal(results(out), results(whole));
    assert.equal(readFileSync(join(out, "report.html"), "utf8"), readFileSync(join(whole, "report.html"), "utf8"));
  });

  test("Ctrl-C saves, exits with 130 and resumes to the same results.json", async () => {
    const out = join(scratch, "interrupted");
    const { code, output } = await study(smoke(out), {
      signal: "SIGINT",
      until: () => files(out, "config.json").length > 0,
    });
    assert.equal(code, 130, output);
    assert.match(output, /run the same command again/);
    assert.equal((await study(smoke(out))).code, 0);
    assert.equal(results(out), results(whole));
  });

  for (const [file, text, edited] of [
    ["result.json", '"seed": 0', '"seed": 3'],
    ["config.json", '"nLayers": 2', '"nLayers": 3'],
    ["fine-tune/lora-0-1.json", '"adapter": "lora"', '"adapter": "full"'],
  ]) {
    test(`${file} of another run is named and does not enter the results`, async () => {
      const out = mkdtempSync(join(scratch, "edited-"));
      cpSync(whole, out, { recursive: true });
      rmSync(join(out, "results.json"));
      const [path] = files(out, file);
      if (file !== "result.json") rmSync(join(path.slice(0, -file.length), "result.json"));
      const before = readFileSync(path, "utf8");
      assert.ok(before.includes(text), before);
      writeFileSync(path, before.replace(text, edited));
      const { code, output } = await study(smoke(out));
      assert.equal(code, 1, output);
      assert.match(output, new RegExp(`CorruptFileError: .*${file}.*elete`, "s"));
      assert.equal(existsSync(join(out, "results.json")), false);
    });
  }

  test("a truncated checkpoint is named and nothing else is lost", async () => {
    const out = join(scratch, "truncated");
    await study(smoke(out), { signal: "SIGKILL", until: () => files(out, "pretrain.safetensors").length > 0 });
    const [path] = files(out, "pretrain.safetensors");
    truncateSync(path, 1000);
    const { code, output } = await study(smoke(out));
    assert.equal(code, 1, output);
    assert.match(output, /CorruptFileError: .*pretrain\.safetensors/s);
    assert.equal(existsSync(join(out, "results.json")), false);
    rmSync(path);
    assert.equal((await study(smoke(out))).code, 0);
    assert.equal(results(out), results(whole));
  });
});
