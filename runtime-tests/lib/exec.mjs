import { spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

// Programs run in groups of their own, so that what they start ends with them; which is why an interrupt from the
// keyboard has to be handed on.
const running = new Set();
process.on("exit", () => {
  for (const child of running) kill(child, "SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/**
 * What a program prints.
 *
 * @param {string} folder - Where it runs.
 * @param {string[]} command - The program and its arguments.
 * @param {{ env?: Record<string, string>, seconds?: number }} [options]
 * @returns {Promise<string>} Standard output, trimmed.
 * @throws {Error} With all its output, if it fails or takes longer than `seconds`.
 */
export async function exec(folder, command, { env, seconds = 180 } = {}) {
  const { child, ended } = start(folder, command, env);
  let [stdout, stderr, isLate] = ["", "", false];
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  const timer = setTimeout(() => {
    isLate = true;
    kill(child, "SIGKILL");
  }, seconds * 1000);
  const status = await ended;
  clearTimeout(timer);
  if (status === 0) return stdout.trim();
  const got = isLate ? `no end within ${seconds} s` : status;
  throw new Error(`${command.join(" ")}: must exit with 0, got ${got}\n${stdout}\n${stderr}`.trim());
}

/**
 * Starts a server and waits until it says where it listens.
 *
 * @param {string} folder - Where it runs.
 * @param {string[]} command - The program and its arguments.
 * @param {RegExp} ready - What it prints then; the first group is the address.
 * @param {{ env?: Record<string, string>, seconds?: number }} [options]
 * @returns {Promise<{ address: string, stop(): Promise<void> }>}
 * @throws {Error} With its output, if it ends or stays silent.
 */
export async function startServer(folder, command, ready, { env, seconds = 120 } = {}) {
  const program = start(folder, command, env);
  let output = "";
  const listening = new Promise((resolve) => {
    const read = (text) => {
      output += text;
      const found = ready.exec(stripVTControlCharacters(output));
      if (found !== null) resolve({ address: found[1] });
    };
    program.child.stdout.on("data", read);
    program.child.stderr.on("data", read);
  });
  const silence = delay(seconds * 1000, { failure: `no address within ${seconds} s` }, { ref: false });
  const end = program.ended.then((status) => ({ failure: `an end with ${status}` }));
  const { address, failure } = await Promise.race([listening, end, silence]);
  if (failure === undefined) return { address, stop: () => stop(program) };
  await stop(program);
  throw new Error(`${command.join(" ")}: must listen, got ${failure}\n${output}`.trim());
}

/** `ended` gives its status, the signal that has ended it, or why it could not be started. */
function start(folder, [program, ...args], env) {
  const child = spawn(program, args, { cwd: folder, env: ownEnvironment(env), detached: true });
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  running.add(child);
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(status ?? signal));
  }).finally(() => running.delete(child));
  return { child, ended };
}

/** Asks a program to end; makes it end where it does not. */
async function stop({ child, ended }) {
  kill(child, "SIGTERM");
  const timer = setTimeout(() => kill(child, "SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

function kill({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // All of the group have ended already.
    if (error.code !== "ESRCH") throw error;
  }
}

/** What the package manager that started this hands down means other things to another one. */
function ownEnvironment(more = {}) {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_OPTIONS|VITEST)/i.test(key));
  return { ...Object.fromEntries(inherited), ...more };
}
