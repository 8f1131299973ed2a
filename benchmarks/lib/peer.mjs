import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Starts the PyTorch peer, or returns `null` where no Python here has torch. */
export const openTorch = () => openPeer("torch", "torch_peer.py");

/** Starts the NumPy peer, or returns `null` where no Python here has numpy. */
export const openNumpy = () => openPeer("numpy", "numpy_peer.py");

const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

function openPeer(module, script) {
  const candidates = [process.env.DELVE_PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
  const python = candidates.find((name) => spawnSync(name, ["-c", `import ${module}`]).status === 0);
  return python === undefined ? null : startPeer(python, script);
}

async function startPeer(python, script) {
  const child = spawn(python, [fileURLToPath(new URL(`../peers/${script}`, import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...ONE_THREAD },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const folder = mkdtempSync(join(tmpdir(), "delve-bench-"));
  const file = join(folder, "data.bin");
  const answer = async () => JSON.parse((await lines.next()).value ?? '{"error":"the peer ended"}');
  async function ask(request) {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const reply = await answer();
    if (reply.error) throw new Error(`${script}: ${JSON.stringify(request).slice(0, 120)}: ${reply.error}`);
    return reply;
  }
  const keep = (data) => writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const { version, blas, cuda } = await answer();
  return {
    version,
    /** The file name of its BLAS, and what OpenBLAS takes the processor for. */
    blas,
    /** The name of its CUDA device, or `null`. */
    cuda,
    /** Times one operation on the very same numbers: best, mean, deviation in milliseconds, and a check value. */
    measure(op, data, rows, features, { iterations = 3, time = 400 } = {}) {
      keep(data);
      return ask({ op, rows, features, file, iterations, time });
    },
    /**
     * Gets an operation ready and does it once, in `first` milliseconds, with `check` for a result; each call of the
     * sampler does it once more and answers the milliseconds it took.
     */
    async prepare(op, data, details) {
      keep(data);
      const { check, ms: first } = await ask({ prepare: op, file, ...details });
      return { check, first, sample: async () => (await ask({ sample: true })).ms };
    },
    close() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
