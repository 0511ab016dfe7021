import type { Engine } from "../../engines/engine.ts";
import { type CompiledPlan, compilePlan, type PlanOptions } from "../../plan/compile.ts";

/** Forward plans kept per engine; the least recently used one is released. */
const kept = 8;

/** The plans of an engine by their options, and the last use of one of them. */
interface PlanCache {
  readonly plans: Map<string, CompiledPlan>;
  last: Promise<void>;
}

const caches = new WeakMap<Engine, PlanCache>();

/** The plan for these options, compiled once: models of one shape share it, whatever they were initialised with. */
function cachedPlan(engine: Engine, plans: PlanCache["plans"], options: PlanOptions, source: string): CompiledPlan {
  const key = JSON.stringify({ ...options, config: { ...options.config, initKey: null, initScale: null } });
  const plan = plans.get(key) ?? compilePlan(options, source);
  plans.delete(key);
  plans.set(key, plan);
  const [oldest] = plans;
  if (plans.size > kept && oldest !== undefined) {
    plans.delete(oldest[0]);
    engine.release(oldest[1]);
  }
  return plan;
}

/**
 * Uses the plan for these options on an engine, once every earlier use on it has ended: uses share the buffers of a plan, so two at a time would read each other's
 * numbers. Weights are uploaded at every use.
 */
export function withPlan<T>(
  engine: Engine,
  options: PlanOptions,
  source: string,
  use: (plan: CompiledPlan) => Promise<T>,
): Promise<T> {
  const cache = caches.get(engine) ?? { plans: new Map<string, CompiledPlan>(), last: Promise.resolve() };
  caches.set(engine, cache);
  const result = cache.last.then(() => use(cachedPlan(engine, cache.plans, options, source)));
  const ended = (): void => {};
  cache.last = result.then(ended, ended);
  return result;
}
