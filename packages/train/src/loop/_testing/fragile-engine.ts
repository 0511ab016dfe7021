import { UnsupportedError } from "@semifactor/ghmm";
import { DeviceLostError } from "../../engines/device-lost-error.ts";
import type { Engine } from "../../engines/engine.ts";
import type { Plan } from "../../plan/types.ts";

/** An engine on a device that is lost, with all that lies on it, at chosen calls of `execute` or `download`, counted together from 1. */
export interface FragileEngine extends Engine {
  /** Calls so far. */
  calls(): number;
}

/** Wraps an engine so that its device is lost at the calls `losses`; `asynchronous` rejects where the engine alone would throw. */
export function fragileEngine(engine: Engine, losses: readonly number[], asynchronous = false): FragileEngine {
  const plans = new Set<Plan>();
  let calls = 0;
  let lost = false;
  const refuse = (): DeviceLostError =>
    new DeviceLostError({
      source: "fragileEngine",
      problem: `the device was lost at call ${calls}`,
      remedy: "Restore it",
    });
  const use = <T>(plan: Plan, action: () => T): T => {
    plans.add(plan);
    if (lost) throw refuse();
    return action();
  };
  const counted = <T>(plan: Plan, action: () => T): T | Promise<T> => {
    calls++;
    if (losses.includes(calls)) {
      lost = true;
      for (const known of plans) engine.release(known);
      if (asynchronous) return Promise.reject(refuse());
    }
    return use(plan, action);
  };
  return {
    ...engine,
    calls: () => calls,
    execute: (plan, phase) => counted(plan, () => engine.execute(plan, phase)) as Promise<void>,
    download: (plan, buffer, out) =>
      counted(plan, () => engine.download(plan, buffer, out)) as ReturnType<Engine["download"]>,
    upload: (plan, buffer, data) => use(plan, () => engine.upload(plan, buffer, data)),
    async restore() {
      if (!lost) throw new UnsupportedError({ source: "fragileEngine", problem: "not lost", remedy: "Do not restore" });
      lost = false;
    },
  };
}
