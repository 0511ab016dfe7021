import { expect, test } from "vitest";
import { createTransformer } from "../model/transformer.ts";
import {
  jsonlMetrics,
  loadCheckpoint,
  loadPeftAdapter,
  loadPretrained,
  openRunFolder,
  readMetrics,
  saveCheckpoint,
  savePeftAdapter,
} from "./index.ts";

const model = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });

test("without a path nothing is written under the name undefined", async () => {
  await expect(saveCheckpoint(undefined as never, { model })).rejects.toThrow("saveCheckpoint: path is undefined");
  await expect(loadCheckpoint(undefined as never)).rejects.toThrow("loadCheckpoint: path is undefined");
  expect(() => jsonlMetrics(undefined as never)).toThrow("jsonlMetrics: path is undefined");
  expect(() => readMetrics(undefined as never)).toThrow("readMetrics: path is undefined");
  await expect(openRunFolder(undefined as never)).rejects.toThrow("openRunFolder: path is undefined");
  await expect(loadPretrained(undefined as never)).rejects.toThrow("loadPretrained: directory is undefined");
  await expect(loadPeftAdapter(undefined as never, model)).rejects.toThrow("loadPeftAdapter: directory is undefined");
  await expect(savePeftAdapter(undefined as never, model)).rejects.toThrow("savePeftAdapter: directory is undefined");
});
