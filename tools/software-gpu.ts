import { existsSync, readdirSync } from "node:fs";

/** The driver of a GPU that computes on the CPU, in Debian's `chromium-common`. */
const softwareDriver = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Where Vulkan's loader looks for the drivers of a system. */
const systemDrivers = ["/etc/vulkan/icd.d", "/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

/**
 * Names the software driver in `VK_DRIVER_FILES` where the system has no driver of its own, so that tests of WebGPU in Node find an adapter. The loader reads the variable
 * from the process's own environment: call this on the main thread, before threads are started.
 */
export function useSoftwareGpu(env: Record<string, string | undefined> = process.env): void {
  if (env.VK_DRIVER_FILES !== undefined || !existsSync(softwareDriver)) return;
  const hasDriver = systemDrivers.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
  if (!hasDriver) env.VK_DRIVER_FILES = softwareDriver;
}
