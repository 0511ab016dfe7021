import { describe, expect, test } from "vitest";
import { createNullGpuDevice } from "./null-device.ts";

describe("the device that counts", () => {
  test("counts buffers until they are destroyed, uploads, submissions and dispatches", () => {
    const device = createNullGpuDevice();
    const buffer = device.createBuffer({ size: 64, usage: 0 });
    const other = device.createBuffer({ size: 32, usage: 0 });
    device.queue.writeBuffer(buffer, 0, new Float32Array(8));
    device.queue.writeBuffer(buffer, 0, new Float32Array(8).buffer, 4, 12);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.dispatchWorkgroups(3, 1, 7);
    pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
    expect(device.counts).toEqual({ dispatches: 2, submits: 1, uploadedBytes: 44, bufferBytes: 96, pipelines: 0 });
    other.destroy();
    other.destroy();
    expect(device.counts.bufferBytes).toBe(64);
  });

  test("reads zeros, is never lost and has no errors", async () => {
    const device = createNullGpuDevice({ maxBufferSize: 5 });
    const buffer = device.createBuffer({ size: 64, usage: 0 });
    await buffer.mapAsync(1);
    expect([...new Float32Array(buffer.getMappedRange(0, 8))]).toEqual([0, 0]);
    expect(await device.popErrorScope()).toBeNull();
    expect(await Promise.race([device.lost, new Promise((r) => setTimeout(r, 1, "there"))])).toBe("there");
    expect([device.limits.maxBufferSize, device.limits.minUniformBufferOffsetAlignment]).toEqual([5, 256]);
  });
});
