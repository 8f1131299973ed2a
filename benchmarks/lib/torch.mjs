import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Starts the PyTorch peer, or returns `null` where no Python here has torch. */
export async function openTorch() {
  const candidates = [process.env.DELVE_PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
  const python = candidates.find((name) => spawnSync(name, ["-c", "import torch"]).status === 0);
  if (python === undefined) return null;
  const script = fileURLToPath(new URL("../peers/torch_peer.py", import.meta.url));
  const child = spawn(python, [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? '{"error":"the peer ended"}');
  const { torch: version } = await answer();
  const folder = mkdtempSync(join(tmpdir(), "delve-bench-"));
  return {
    version,
    /** Runs one operation of the peer on the very same numbers. */
    async measure(op, data, rows, features, { iterations = 3, time = 400 } = {}) {
      const file = join(folder, "data.bin");
      writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      child.stdin.write(`${JSON.stringify({ op, rows, features, file, iterations, time })}\n`);
      return answer();
    },
    close() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
