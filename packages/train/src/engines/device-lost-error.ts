import { SemifactorError } from "@semifactor/ghmm";

/**
 * The device of an engine is gone, and with it every arena: the driver was reset, the card removed, or another tab took it down.
 *
 * `engine.restore()` gets a device again; a training run goes on from its last checkpoint.
 */
export class DeviceLostError extends SemifactorError {
  override readonly name = "DeviceLostError";
}
