import { createWebgpuEngine, type WebgpuEngine, type WebgpuEngineOptions } from "../webgpu-engine.ts";

/**
 * The engine on the adapter that Node finds, or why there is none. A software driver that is not registered with the system is named in `VK_DRIVER_FILES`
 * before Node starts (`/usr/lib/chromium/vk_swiftshader_icd.json` of Debian's `chromium-common`).
 */
export async function nodeEngine(options: WebgpuEngineOptions = {}): Promise<WebgpuEngine | string> {
  try {
    return await createWebgpuEngine(options);
  } catch (error) {
    return String(error);
  }
}
