import { spawn } from "node:child_process";
import process from "node:process";

/** What the package manager that started this hands down means other things to another one. */
function ownEnvironment(more = {}) {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_OPTIONS|VITEST)/i.test(key));
  return { ...Object.fromEntries(inherited), ...more };
}

/**
 * What a program prints.
 *
 * @param {string} folder - Where it runs.
 * @param {string[]} command - The program and its arguments.
 * @param {{ env?: Record<string, string>, seconds?: number }} [options]
 * @returns {Promise<string>} Standard output, trimmed.
 * @throws {Error} With all its output, if it fails or takes longer than `seconds`.
 */
export function exec(folder, command, { env, seconds = 180 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { cwd: folder, env: ownEnvironment(env) });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => (stdout += data));
    child.stderr.on("data", (data) => (stderr += data));
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      if (status === 0) return resolve(stdout.trim());
      const how = `must exit with 0, got ${status ?? signal}`;
      reject(new Error(`${command.join(" ")}: ${how}\n${stdout}\n${stderr}`.trim()));
    });
  });
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
export function startServer(folder, command, ready, { env, seconds = 120 } = {}) {
  // A group of its own, so that what the server has started ends with it.
  const child = spawn(command[0], command.slice(1), {
    cwd: folder,
    env: ownEnvironment(env),
    detached: true,
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGTERM");
    await ended;
  };
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (how) => reject(new Error(`${command.join(" ")}: must listen, got ${how}\n${output}`));
    const timer = setTimeout(() => stop().then(() => fail(`nothing for ${seconds} s`)), seconds * 1000);
    const read = (data) => {
      output += data;
      const found = ready.exec(stripColours(output));
      if (found === null) return;
      clearTimeout(timer);
      resolve({ address: found[1], stop });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      fail(`status ${status}`);
    });
  });
}

const ESCAPE = String.fromCharCode(27);

function stripColours(text) {
  return text.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g"), "");
}
