// Stores the pictures that figures are compared with in tests, as they are drawn now (npm run pictures).
import { spawnSync } from "node:child_process";
import process from "node:process";

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "stats", "pictures"];
const { status } = spawnSync(process.execPath, vitest, {
  stdio: "inherit",
  env: { ...process.env, DELVE_PICTURES: "write" },
});
process.exitCode = status ?? 1;
