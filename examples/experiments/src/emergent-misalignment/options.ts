import { accessSync, constants, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { SemifactorError } from "@semifactor/ghmm";
import { Command, CommanderError, InvalidArgumentError as InvalidOption } from "commander";
import { makeFolder } from "../run/atomic-file.ts";
import { type CellName, cellNames } from "./config.ts";

/** What the command line asks for. */
export interface StudyOptions {
  readonly seeds: number;
  readonly cells: readonly CellName[];
  readonly out: string;
  readonly workers: number;
  readonly smoke: boolean;
}

/** Wrong use of the command line; the process exits with code 2. */
export class UsageError extends SemifactorError {
  override readonly name = "UsageError";
}

/** `--out` cannot be written; the process exits with code 1. */
export class OutputFolderError extends SemifactorError {
  override readonly name = "OutputFolderError";
}

function wholeNumber(option: string, largest: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (value.trim() !== "" && Number.isInteger(parsed) && parsed >= 1 && parsed <= largest) return parsed;
    throw new InvalidOption(`${option} must be a whole number from 1 to ${largest}, got "${value}".`);
  };
}

function folder(value: string): string {
  if (value.trim() !== "") return value;
  throw new InvalidOption("--out must name a folder, got an empty string.");
}

function isCellName(name: string): name is CellName {
  return cellNames.some((known) => known === name);
}

function cellList(value: string): readonly CellName[] {
  const names = value.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    if (isCellName(name)) return name;
    throw new InvalidOption(`unknown cell "${name}"; choose from ${cellNames.join(", ")}.`);
  });
}

/**
 * Parses the command line of the study; `undefined` when only help was asked for (it has been written).
 *
 * @throws UsageError with the offending value and the allowed ones.
 */
export function parseOptions(argv: readonly string[], write: (text: string) => void): StudyOptions | undefined {
  const command = new Command("npm start --")
    .description(
      "Trains transformers on four exact processes, {shared, independent} personas x {direct, pairs} codes,\n" +
        "fine-tunes them on misaligned data in two narrow contexts, and measures how far the shift spreads.\n" +
        "Run again with the same options to resume; finished cells are not run again.",
    )
    .option("--seeds <n>", "pretraining seeds per cell, 0..n-1", wholeNumber("--seeds", 1000), 1)
    .option("--cells <list>", `comma-separated cells (${cellNames.join(", ")})`, cellList, cellNames)
    .option("--out <dir>", "folder for run states, results.json and report.html", folder, "runs/emergent-misalignment")
    .option(
      "--workers <n>",
      "cells that run at the same time",
      wholeNumber("--workers", 256),
      Math.min(2, availableParallelism()),
    )
    .option("--smoke", "a run of about a minute that only shows that everything works: its figures mean nothing", false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined });
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError({
      source: "npm start",
      problem: error.message.replace(/^error: /, "").replace(/\.$/, ""),
      remedy: "See npm start -- --help",
    });
  }
  const { seeds, cells, out, workers, smoke } = command.opts<StudyOptions>();
  return {
    seeds,
    cells,
    out: resolve(smoke && out === "runs/emergent-misalignment" ? `${out}-smoke` : out),
    workers,
    smoke,
  };
}

/**
 * Makes the output folder and checks that it can be written, before any work is done.
 *
 * @throws OutputFolderError naming the folder and why.
 */
export function prepareOutputFolder(out: string): void {
  try {
    makeFolder(out);
    if (!statSync(out).isDirectory()) throw new Error("it is not a folder");
    accessSync(out, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OutputFolderError({
      source: "npm start",
      problem: `--out ${out} cannot be written (${reason})`,
      remedy: "Choose a folder that you may write to",
    });
  }
}
