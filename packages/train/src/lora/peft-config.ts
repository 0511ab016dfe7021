import { CorruptFileError, UnsupportedError } from "@semifactor/ghmm";
import { brief } from "../io/_internal/brief.ts";
import { isRecord } from "../io/_internal/is-record.ts";
import type { LoraAdapter } from "../model/lora-adapter.ts";

type ModuleRank = Pick<LoraAdapter, "rank" | "alpha" | "rsLora">;

/** What an `adapter_config.json` says. */
export interface PeftConfig {
  /** Rank and scaling of the adapter of a module. */
  rankOf(module: string): ModuleRank;
  /** Whether `target_modules` has this module; a pattern in place of a list is not asked. */
  targets(module: string): boolean;
}

const source = "decodePeftAdapter";

function unsupported(name: string, value: unknown): never {
  throw new UnsupportedError({
    source,
    problem: `adapter_config.json has ${name} ${brief(value)}`,
    remedy: "Only plain LoRA is read: merge the adapter with PEFT, or train one without it",
  });
}

function corrupt(problem: string): never {
  throw new CorruptFileError({ source, problem, remedy: "Get adapter_config.json again, or correct it" });
}

/** Entries that do not change what a plain adapter computes, or that are read below. */
const readOrIrrelevant: ReadonlySet<string> = new Set([
  "peft_type",
  "r",
  "lora_alpha",
  "rank_pattern",
  "alpha_pattern",
  "use_rslora",
  "bias",
  "init_lora_weights",
  "target_modules",
  "exclude_modules",
  "layers_to_transform",
  "layers_pattern",
  "auto_mapping",
  "base_model_name_or_path",
  "corda_config",
  "ensure_weight_tying",
  "eva_config",
  "fan_in_fan_out",
  "inference_mode",
  "loftq_config",
  "lora_dropout",
  "lora_ga_config",
  "megatron_config",
  "megatron_core",
  "peft_version",
  "qalora_group_size",
  "revision",
  "runtime_config",
  "task_type",
]);

/** Initialisations that leave the base weights alone; after the others an adapter belongs to changed ones. */
const plainInitialisations: readonly unknown[] = [undefined, null, true, false, "gaussian", "eva", "orthogonal"];

function isEmpty(value: unknown): boolean {
  if (value === null || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isRank(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

function isAlpha(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The key of a pattern as PEFT matches it: a regular expression for the end of a module's name, from a dot on. */
function moduleMatcher(pattern: string): RegExp {
  // Expressions that need exponential time, or a high power, are not compiled.
  const quantifiers = pattern.match(/[*+{?]/g)?.length ?? 0;
  if (pattern.length > 1000 || quantifiers > 3 || /\)[*+{]/.test(pattern)) return unsupported("the pattern", pattern);
  try {
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`);
  } catch {
    return unsupported("the pattern", pattern);
  }
}

/** `rank_pattern` or `alpha_pattern`: the value of the first key that matches. */
function readPattern(
  config: Readonly<Record<string, unknown>>,
  name: string,
  isValue: (value: unknown) => value is number,
): (module: string) => number | undefined {
  const given = config[name] ?? {};
  if (!isRecord(given)) return corrupt(`adapter_config.json has ${name} ${brief(given)}`);
  const matchers = Object.entries(given).map(([pattern, value]) => {
    if (!isValue(value)) return corrupt(`adapter_config.json has ${name} ${brief(value)} for ${brief(pattern)}`);
    return { matcher: moduleMatcher(pattern), value };
  });
  return (module) => matchers.find(({ matcher }) => matcher.test(module))?.value;
}

/** Reads `adapter_config.json`. */
export function readPeftConfig(text: string): PeftConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return corrupt("adapter_config.json is not JSON");
  }
  if (!isRecord(config)) return corrupt("adapter_config.json is not an object");
  if (config.peft_type !== "LORA") unsupported("peft_type", config.peft_type);
  if ((config.bias ?? "none") !== "none") unsupported("bias", config.bias);
  if (!plainInitialisations.includes(config.init_lora_weights)) {
    unsupported("init_lora_weights", config.init_lora_weights);
  }
  for (const [name, value] of Object.entries(config)) {
    if (!readOrIrrelevant.has(name) && !isEmpty(value)) unsupported(name, value);
  }
  const { r = 8, lora_alpha: alpha = 8, use_rslora: rsLora = false, target_modules: modules } = config;
  if (!isRank(r)) return corrupt(`adapter_config.json has r ${brief(r)}`);
  if (!isAlpha(alpha)) return corrupt(`adapter_config.json has lora_alpha ${brief(alpha)}`);
  if (typeof rsLora !== "boolean") return corrupt(`adapter_config.json has use_rslora ${brief(rsLora)}`);
  const ranks = readPattern(config, "rank_pattern", isRank);
  const alphas = readPattern(config, "alpha_pattern", isAlpha);
  const endings: readonly unknown[] | undefined = Array.isArray(modules) ? modules : undefined;
  return {
    rankOf: (module) => ({ rank: ranks(module) ?? r, alpha: alphas(module) ?? alpha, rsLora }),
    targets: (module) =>
      endings === undefined || endings.some((ending) => module === ending || module.endsWith(`.${String(ending)}`)),
  };
}

/** Writes `adapter_config.json` for adapters of these modules. */
export function writePeftConfig(
  modules: readonly (ModuleRank & { readonly module: string })[],
  options: { readonly fanInFanOut: boolean; readonly baseModel: string | undefined },
): string {
  const [first = { rank: 8, alpha: 8, rsLora: false }] = modules;
  const pattern = (key: "rank" | "alpha"): Readonly<Record<string, number>> =>
    Object.fromEntries(modules.filter((one) => one[key] !== first[key]).map((one) => [one.module, one[key]]));
  const config = {
    alpha_pattern: pattern("alpha"),
    auto_mapping: null,
    base_model_name_or_path: options.baseModel ?? null,
    bias: "none",
    fan_in_fan_out: options.fanInFanOut,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: first.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: "LORA",
    r: first.rank,
    rank_pattern: pattern("rank"),
    revision: null,
    target_modules: modules.map(({ module }) => module),
    task_type: "CAUSAL_LM",
    use_rslora: first.rsLora,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
