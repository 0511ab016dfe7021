import type { BufferSpec, Plan } from "../../plan/types.ts";
import { copies } from "../_internal/transfer.ts";
import type { EngineArray } from "../engine.ts";
import { bufferUsage, mapModeRead } from "./constants.ts";
import type { LoadedPlan } from "./loaded-plan.ts";

const wordBytes = 4;

/** The plan's own buffer if it is free and large enough, else one for this download alone. */
function borrow(device: GPUDevice, loaded: LoadedPlan, bytes: number): readonly [GPUBuffer, giveBack: () => void] {
  if (!loaded.downloading && bytes <= loaded.download.size) {
    loaded.downloading = true;
    const giveBack = (): void => {
      loaded.downloading = false;
      if (loaded.destroyed) loaded.download.destroy();
    };
    return [loaded.download, giveBack];
  }
  const { mapRead, copyDst } = bufferUsage;
  const own = device.createBuffer({ label: "large download", size: bytes, usage: mapRead | copyDst });
  return [own, () => own.destroy()];
}

/** Copies the whole view of a buffer into `out`; the copy on the device is submitted before this returns its promise. */
export async function download(
  device: GPUDevice,
  loaded: LoadedPlan,
  plan: Plan,
  spec: BufferSpec,
  out: EngineArray,
): Promise<void> {
  const count = copies(plan, spec);
  const bytes = count * spec.length * wordBytes;
  if (bytes === 0) return;
  const region = loaded.regions[spec.region];
  const stride = plan.regionLengths[spec.region];
  const [staging, giveBack] = borrow(device, loaded, bytes);
  const encoder = device.createCommandEncoder();
  for (let copy = 0; copy < count; copy++) {
    const source = (copy * stride + spec.offset) * wordBytes;
    encoder.copyBufferToBuffer(region, source, staging, copy * spec.length * wordBytes, spec.length * wordBytes);
  }
  device.queue.submit([encoder.finish()]);
  try {
    await staging.mapAsync(mapModeRead, 0, bytes);
    const memory = staging.getMappedRange(0, bytes);
    out.set(spec.type === "i32" ? new Int32Array(memory) : new Float32Array(memory));
    staging.unmap();
  } finally {
    giveBack();
  }
}
