import type { Engine } from "../../engines/engine.ts";
import { type CompiledPlan, compilePlan, type PlanOptions } from "../../plan/compile.ts";

/** Forward plans kept per engine; the least recently used one is released. */
const kept = 8;

const caches = new WeakMap<Engine, Map<string, CompiledPlan>>();

/** The plan for these options on this engine, compiled once: models of one shape share it, their weights are uploaded at every use. */
export function cachedPlan(engine: Engine, options: PlanOptions, source: string): CompiledPlan {
  const cache = caches.get(engine) ?? new Map<string, CompiledPlan>();
  caches.set(engine, cache);
  const key = JSON.stringify(options);
  const plan = cache.get(key) ?? compilePlan(options, source);
  cache.delete(key);
  cache.set(key, plan);
  const [oldest] = cache;
  if (cache.size > kept && oldest !== undefined) {
    cache.delete(oldest[0]);
    engine.release(oldest[1]);
  }
  return plan;
}
