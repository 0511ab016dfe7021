import { CorruptFileError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { readPeftConfig, writePeftConfig } from "./peft-config.ts";

const plain = { peft_type: "LORA", r: 4, lora_alpha: 6, target_modules: ["q_proj"] };
const read = (entries: object) => readPeftConfig(JSON.stringify({ ...plain, ...entries }));

describe("adapter_config.json", () => {
  test("reading inverts writing", () => {
    const modules = [
      { module: "model.layers.0.self_attn.q_proj", rank: 2, alpha: 3, rsLora: true },
      { module: "model.layers.1.self_attn.q_proj", rank: 5, alpha: 3, rsLora: true },
      { module: "model.layers.11.self_attn.q_proj", rank: 2, alpha: 0.5, rsLora: true },
      { module: "lm_head", rank: 1, alpha: 4, rsLora: true },
    ];
    const config = readPeftConfig(writePeftConfig(modules, { fanInFanOut: false, baseModel: undefined }));
    for (const { module, ...own } of modules) {
      expect(config.rankOf(module)).toEqual(own);
      expect(config.targets(module)).toBe(true);
    }
    expect(config.targets("model.layers.2.self_attn.q_proj")).toBe(false);
  });

  // peft.utils.other.get_pattern_key: re.match(rf"(.*\.)?({key})$", module), the first key that matches.
  test("patterns are regular expressions for the end of a name, from a dot on; the first that matches counts", () => {
    const { rankOf } = read({
      rank_pattern: { "1.attn.q": 1, q: 2, "k|v": 3, "^model.o$": 5, "layers.[34].up": 6 },
      alpha_pattern: { "layers\\.0\\..*": 9 },
    });
    const expected: readonly (readonly [string, number])[] = [
      ["model.layers.1.attn.q", 1],
      ["model.layers.2.attn.q", 2],
      ["model.layers.21.attn.q", 2],
      ["v", 3],
      ["layers.k", 3],
      ["layers.qk", 4],
      ["model.o", 5],
      ["x.model.o", 4],
      ["layers.4.up", 6],
      ["layers.5.up", 4],
    ];
    for (const [module, rank] of expected) expect([module, rankOf(module).rank]).toEqual([module, rank]);
    expect(rankOf("model.layers.0.x").alpha).toBe(9);
    expect(rankOf("model.layers.10.x").alpha).toBe(6);
  });

  test("target_modules are whole names or their ends; a pattern in their place is not asked", () => {
    const { targets } = read({ target_modules: ["q_proj", "model.layers.1.mlp.up_proj"] });
    expect(["model.layers.0.self_attn.q_proj", "q_proj", "model.layers.1.mlp.up_proj"].map(targets)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["xq_proj", "model.layers.2.mlp.up_proj"].map(targets)).toEqual([false, false]);
    expect(read({ target_modules: "all-linear" }).targets("anything")).toBe(true);
  });

  test("PEFT's defaults", () => {
    expect(readPeftConfig('{"peft_type":"LORA"}').rankOf("x")).toEqual({ rank: 8, alpha: 8, rsLora: false });
  });

  test("what does not change a plain adapter is passed over", () => {
    const entries = {
      lora_dropout: 0.1,
      inference_mode: true,
      layer_replication: null,
      use_dora: false,
      loftq_config: {},
    };
    expect(read({ ...entries, init_lora_weights: "gaussian", revision: "main" }).rankOf("x").rank).toBe(4);
  });

  test.each([
    ["peft_type", "IA3"],
    ["use_dora", true],
    ["bias", "lora_only"],
    ["modules_to_save", ["lm_head"]],
    ["layer_replication", [[0, 2]]],
    ["trainable_token_indices", [1]],
    ["target_parameters", ["experts.weight"]],
    ["lora_bias", true],
    ["init_lora_weights", "pissa"],
    ["something_new", 1],
  ])("%s is refused as unsupported, by name", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(UnsupportedError);
    expect(() => read({ [name]: value })).toThrow(name);
  });

  test.each([
    ["r", 0],
    ["r", "4"],
    ["lora_alpha", null],
    ["use_rslora", 1],
    ["rank_pattern", []],
    ["rank_pattern", { q: 1.5 }],
    ["alpha_pattern", { q: "1" }],
  ])("%s %j is refused as damage", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(CorruptFileError);
  });

  test("text that is not an object in JSON is refused", () => {
    for (const text of ["", "[]", "null", "{"]) expect(() => readPeftConfig(text)).toThrow(CorruptFileError);
  });

  test("patterns that are no expressions, or might take forever, are refused", () => {
    for (const pattern of ["(", "(a+)+", "(.*)*x", ".*.*.*.*x", "x".repeat(1001)]) {
      expect(() => read({ rank_pattern: { [pattern]: 1 } })).toThrow(UnsupportedError);
    }
  });
});
