// The worker: everything that computes. It takes commands, and reports what comes of them.
import { loadKernel } from "@delve/kernel";
import { loadDigits } from "../problems/load.js";
import { startBackend } from "./backend.js";
import type { Command, Report } from "./protocol.js";
import { Session } from "./session.js";

/** What is used of the worker's global scope, whose types exclude those of a page. */
interface WorkerScope {
  postMessage(message: Report): void;
  onmessage: ((event: { readonly data: Command }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const report = (message: Report) => scope.postMessage(message);
const fail = (error: unknown) =>
  report({ type: "failed", message: error instanceof Error ? error.message : String(error) });

const session = startBackend()
  .then(() => loadKernel())
  .then((kernel) => new Session(kernel, report));
session.catch(fail);
// Whoever goes offline now can still choose the digits; a failure is told to whoever asks for them.
loadDigits().catch(() => {});

scope.onmessage = ({ data }) => {
  session.then((session) => session.obey(data)).catch(fail);
};
