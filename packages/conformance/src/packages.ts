import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Conditions, or the file they lead to. */
export type Target = string | { readonly [condition: string]: Target };

/** The parts of a package.json that tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, Target>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, Target>>;
    readonly imports?: Readonly<Record<string, Target>>;
  };
  readonly [field: string]: unknown;
}

/** A package of the workspace that is published. */
export interface PublicPackage {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  /** Its specifiers that are code, as `@delve/kernel/reference`. */
  readonly entries: readonly string[];
  /** Whether `dist` is there. A test of what is built skips visibly where it is not. */
  readonly built: boolean;
}

/** The workspace's root folder. */
export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));

/** All packages of the workspace that are published. */
export function publicPackages(): PublicPackage[] {
  return readdirSync(join(ROOT, "packages"))
    .map((name) => join(ROOT, "packages", name))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => publicPackage(folder, readManifest(folder)))
    .filter(({ manifest }) => manifest.private !== true);
}

/** The package.json of a folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function publicPackage(folder: string, manifest: Manifest): PublicPackage {
  const { name } = manifest;
  const subpaths = Object.keys(manifest.exports ?? {}).filter((path) => !/\.(json|wasm)$/.test(path));
  const entries = subpaths.map((path) => name + path.slice(1));
  return { name, folder, manifest, entries, built: existsSync(join(folder, "dist/index.js")) };
}

/** Every file that a map of exports or imports leads to, without the workspace's own condition. */
export function targetFiles(target: Target | undefined): string[] {
  if (target === undefined) return [];
  if (typeof target === "string") return [target];
  const published = Object.entries(target).filter(([condition]) => condition !== "@delve/source");
  return published.flatMap(([, inner]) => targetFiles(inner));
}

/**
 * What a program prints, trimmed.
 *
 * @throws {Error} With all its output, if it fails.
 */
export function run(folder: string, command: string, ...args: string[]): string {
  // What the package manager that runs the tests hands down means other things to another one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_OPTIONS|VITEST)/i.test(key)),
  );
  const shell = process.platform === "win32";
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    shell,
  });
  if (status === 0) return stdout.trim();
  throw new Error(
    `${[command, ...args].join(" ")}: must exit with 0, got ${error ?? status}\n${stdout}\n${stderr}`,
  );
}
