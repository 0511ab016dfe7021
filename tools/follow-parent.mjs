/** Loaded into the study by start.mjs: ends the study when the command that started it is gone, killed or not. */
import { isMainThread } from "node:worker_threads";

if (isMainThread && process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
