import { execArgv } from "node:process";
import { Worker } from "node:worker_threads";
import type { DrawnFigure } from "./draw-figure.js";
import type { DrawingThread } from "./drawing-thread.js";

/**
 * A drawing thread of Node, Deno or Bun.
 *
 * @param file - The worker, as JavaScript.
 */
export function startNodeThread(file: URL, fonts: readonly Uint8Array[] | null): DrawingThread {
  // A process that was started with a script instead of a file must not hand that on.
  const options = execArgv.some((flag) => flag.startsWith("--input-type")) ? { execArgv: [] } : {};
  const worker = new Worker(file, { name: "delve plots", workerData: { fonts }, ...options });
  worker.unref();
  let failure: Error | null = null;
  let settle: ((reply: DrawnFigure | { readonly error: Error } | null) => void) | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
    settle?.(null);
  };
  worker.on("message", (reply) => settle?.(reply));
  worker.on("messageerror", fail);
  worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", (code) => fail(new Error(`the drawing thread ended with code ${code}`)));
  return {
    async draw(figure) {
      if (failure !== null) throw failure;
      worker.ref();
      try {
        const reply = await new Promise<DrawnFigure | { readonly error: Error } | null>((resolve) => {
          settle = resolve;
          worker.postMessage(figure);
        });
        if (reply === null) throw failure;
        return reply;
      } finally {
        settle = null;
        worker.unref();
      }
    },
    end() {
      void worker.terminate();
    },
  };
}
