import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * What a script of `test/outside` prints, as data.
 *
 * @throws {Error} With the script's traceback, if it fails.
 */
export function python<T>(executable: string, script: string, ...args: string[]): T {
  const path = fileURLToPath(new URL(`../outside/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(executable, [path, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { PATH: process.env["PATH"] ?? "", PYTHONIOENCODING: "utf-8:surrogatepass", PYTHONUTF8: "1" },
  });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A number as Python's `float.hex` prints it. */
export function fromHex(text: string): number {
  const [, sign, whole, fraction = "", exponent] =
    /^(-?)0x([01])(?:\.([0-9a-f]+))?p([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return Number(text.replace("inf", "Infinity").replace("nan", "NaN"));
  const digits = Number(`0x${whole}${fraction}`);
  const power = Number(exponent) - 4 * fraction.length;
  // In two steps, since 2^power alone may be too small for a float64.
  const size = digits * 2 ** Math.trunc(power / 2) * 2 ** (power - Math.trunc(power / 2));
  return sign === "-" ? -size : size;
}
