/** `node tools/pnpm.mjs ARGUMENTS`: runs pnpm in the pinned version, through npx where it is not installed. */
import { pnpm, runCommand } from "./workspace.mjs";

await runCommand((args) => pnpm(args, { check: false }));
