import { parseOptions, UsageError } from "./emergent-misalignment/options.ts";
import { runStudy } from "./emergent-misalignment/study.ts";

// Whoever reads our output may leave early (`npm start | head`); the cells' states are on disk.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(1);
  throw error;
});

const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
}

try {
  const options = parseOptions(process.argv.slice(2), (text) => void process.stdout.write(text));
  if (options !== undefined) {
    process.exitCode = await runStudy(options, {
      out: process.stdout,
      progress: process.stderr,
      signal: controller.signal,
    });
  }
} catch (error) {
  process.stderr.write(error instanceof Error ? `${error.name}: ${error.message}\n` : `${String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
