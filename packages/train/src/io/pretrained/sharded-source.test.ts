import { CorruptFileError, InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { hashedTensors, tinyPublished } from "../_testing/published-checkpoint.ts";
import { encodeSafetensors } from "../safetensors.ts";
import { openSafetensors } from "../tensor-source.ts";
import { fromPretrained } from "./from-pretrained.ts";
import { openShardedSafetensors } from "./sharded-source.ts";

const { config } = tinyPublished.llama;
const tensors = hashedTensors(tinyPublished.llama);
const fileOf = (i: number): string => `model-0000${(i % 3) + 1}-of-00003.safetensors`;
const weightMap: Readonly<Record<string, string>> = Object.fromEntries(
  [...tensors.keys()].map((name, i) => [name, fileOf(i)]),
);

/** The files by name; every third tensor lies in the same one. */
const files = new Map(
  [0, 1, 2].map((shard) => {
    const own = new Map([...tensors].filter((_, i) => i % 3 === shard));
    return [fileOf(shard), encodeSafetensors({ tensors: own, metadata: new Map([["format", "pt"]]) })];
  }),
);
const open = (file: string): Uint8Array => files.get(file) ?? new Uint8Array(0);

describe("weights in several files", () => {
  test("are those of one file", async () => {
    const sharded = await openShardedSafetensors({ metadata: { total_size: 1 }, weight_map: weightMap }, open);
    const whole = await openSafetensors(encodeSafetensors({ tensors, metadata: new Map([["format", "pt"]]) }));
    expect(new Map(sharded.tensors)).toEqual(new Map(whole.tensors));
    expect(sharded.metadata).toEqual(whole.metadata);
    expect(await fromPretrained({ config, tensors: sharded })).toEqual(
      await fromPretrained({ config, tensors: whole }),
    );
    await expect(sharded.read("no such tensor")).rejects.toThrow(InvalidArgumentError);
  });

  test("every file is opened once", async () => {
    const opened: string[] = [];
    await openShardedSafetensors({ weight_map: weightMap }, async (file) => {
      opened.push(file);
      return open(file);
    });
    expect(opened.toSorted()).toEqual([...files.keys()].toSorted());
  });

  test.each<readonly [string, unknown]>([
    ["no object", []],
    ["no map", { metadata: {} }],
    ["a map that is a list", { weight_map: [] }],
    ["a file that is no name", { weight_map: { ...weightMap, "lm_head.weight": 3 } }],
    ["a path that leads elsewhere", { weight_map: { "lm_head.weight": "../model.safetensors" } }],
    ["an absolute path", { weight_map: { "lm_head.weight": "/etc/passwd" } }],
    ["a Windows path", { weight_map: { "lm_head.weight": "C:\\model.safetensors" } }],
    ["the directory itself", { weight_map: { "lm_head.weight": ".." } }],
    ["a tensor that its file does not have", { weight_map: { ...weightMap, other: fileOf(0) } }],
    ["a tensor in the wrong file", { weight_map: { ...weightMap, "lm_head.weight": fileOf(1) } }],
    ["a file that is not there", { weight_map: { ...weightMap, other: "model-9.safetensors" } }],
  ])("an index with %s is refused by name", async (_, index) => {
    const opened: string[] = [];
    const opening = openShardedSafetensors(index, (file) => {
      opened.push(file);
      return open(file);
    });
    await expect(opening).rejects.toThrow(CorruptFileError);
    // What is no name of a file beside the index is not asked for.
    expect(opened.filter((file) => !/^model-[\w-]+\.safetensors$/.test(file))).toEqual([]);
  });

  test("a tensor that the index does not name is not dropped silently", async () => {
    const { "lm_head.weight": _, ...less } = weightMap;
    await expect(openShardedSafetensors({ weight_map: less }, open)).rejects.toThrow(/"lm_head\.weight"/);
  });
});
