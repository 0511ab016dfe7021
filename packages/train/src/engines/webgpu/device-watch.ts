import { type SemifactorError, UnsupportedError } from "@semifactor/ghmm";
import { DeviceLostError } from "../device-lost-error.ts";

/** What has gone wrong with a device behind our back. */
export interface DeviceWatch {
  /** Throws if the device was lost, or has reported an error that nothing else did; that error is then forgotten. */
  check(source: string): void;
  /** Settles as `work` does, but rejects when the device is lost. */
  whileThere<T>(source: string, work: Promise<T>): Promise<T>;
  /** Stops: what happens to the device from now on is expected. */
  end(): void;
}

/** Watches a device for its loss and for errors outside all error scopes. */
export function watchDevice(device: GPUDevice): DeviceWatch {
  let lost: GPUDeviceLostInfo | undefined;
  let reported: string | undefined;
  let ended = false;

  const lostError = (source: string, { reason, message }: GPUDeviceLostInfo): SemifactorError =>
    new DeviceLostError({
      source,
      problem: `the device was lost (${reason || "unknown"}: ${message.trim() || "no message"})`,
      remedy: "Call engine.restore() and go on from the last checkpoint",
    });

  const onError = (event: Event): void => {
    const error: unknown = "error" in event ? event.error : undefined;
    reported ??= error instanceof Object && "message" in error ? String(error.message) : "an error without a message";
  };
  device.addEventListener("uncapturederror", onError);
  // A set, not a race with the promise of the loss: that promise would keep a reaction for every piece of work ever waited for.
  const waiting = new Set<(info: GPUDeviceLostInfo) => void>();
  void device.lost.then((info) => {
    if (!ended) lost = info;
    for (const fail of waiting) fail(info);
    waiting.clear();
  });

  const check = (source: string): void => {
    if (lost !== undefined) throw lostError(source, lost);
    if (reported === undefined) return;
    const problem = `the device reported: ${reported}`;
    reported = undefined;
    throw new UnsupportedError({ source, problem, remedy: "Report it with the name of the adapter" });
  };

  return {
    check,
    whileThere(source, work) {
      return new Promise((resolve, reject) => {
        const fail = (info: GPUDeviceLostInfo): void => reject(lostError(source, info));
        waiting.add(fail);
        work.then(
          (value) => {
            waiting.delete(fail);
            resolve(value);
          },
          // Work on a lost device may fail before the loss is announced: leave it a turn to be.
          (error: unknown) => setTimeout(() => waiting.delete(fail) && reject(error), 0),
        );
      });
    },
    end() {
      ended = true;
      device.removeEventListener("uncapturederror", onError);
    },
  };
}
