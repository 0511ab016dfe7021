import { describe, expect, test } from "vitest";
import { DeviceLostError } from "../device-lost-error.ts";
import { watchDevice } from "./device-watch.ts";
import { createNullGpuDevice } from "./null-device.ts";

function watched() {
  let lose: (info: { readonly reason: string; readonly message: string }) => void = () => undefined;
  const lost = new Promise((resolve) => {
    lose = resolve;
  });
  const events = new EventTarget();
  const device = Object.assign(createNullGpuDevice(), {
    lost,
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  });
  const report = (message: string): boolean =>
    events.dispatchEvent(Object.assign(new Event("uncapturederror"), { error: { message } }));
  return { watch: watchDevice(device), lose: () => lose({ reason: "unknown", message: "driver reset " }), report };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("a watched device", () => {
  test("work settles as it does", async () => {
    const { watch } = watched();
    watch.check("f");
    expect(await watch.whileThere("f", Promise.resolve(3))).toBe(3);
    await expect(watch.whileThere("f", Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  test("a loss fails work that is pending, work that fails with it, and every later check", async () => {
    const { watch, lose } = watched();
    const pending = watch.whileThere("f", new Promise(() => undefined));
    const failing = watch.whileThere("g", Promise.reject(new Error("mapAsync was aborted")));
    lose();
    await expect(pending).rejects.toThrow(DeviceLostError);
    await expect(failing).rejects.toThrow("g: the device was lost (unknown: driver reset)");
    expect(() => watch.check("h")).toThrow(DeviceLostError);
    expect(() => watch.check("h")).toThrow(DeviceLostError);
  });

  test("the first of several reported errors is told once", () => {
    const { watch, report } = watched();
    report("first");
    report("second");
    expect(() => watch.check("f")).toThrow("f: the device reported: first");
    watch.check("f");
  });

  test("after the end, nothing that happens is an error", async () => {
    const { watch, lose, report } = watched();
    watch.end();
    report("late");
    lose();
    await turn();
    watch.check("f");
  });
});
