import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publicPackages, ROOT, readManifest, run } from "../src/packages.js";

// What a release does to the manifests, in a copy of them.
const packages = publicPackages();
const EXAMPLE = "examples/edge-worker";
const CHANGE = `---\n"@delve/kernel": minor\n---\n\nSomething is faster.\n`;

describe("a release", () => {
  let copy: string;
  const manifests = () => packages.map(({ folder }) => readManifest(join(copy, relative(ROOT, folder))));
  const exampleRange = () =>
    (readManifest(join(copy, EXAMPLE))["dependencies"] as Record<string, string>)["@delve/core"];
  const git = (...args: string[]) =>
    run(copy, "git", "-c", "user.name=test", "-c", "user.email=test@localhost", ...args);

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "delve-release-"));
    const packageFolders = readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}`);
    const folders = [...packageFolders, "examples", EXAMPLE];
    const files = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", ".changeset/config.json"];
    for (const file of [...files, ...folders.map((folder) => `${folder}/package.json`)]) {
      mkdirSync(join(copy, file, ".."), { recursive: true });
      cpSync(join(ROOT, file), join(copy, file));
    }
    writeFileSync(join(copy, ".changeset/faster.md"), CHANGE);
    git("init", "--quiet", "--initial-branch=main");
    git("add", ".");
    git("commit", "--quiet", "--message=all");
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test("starts from one version", () => {
    expect(new Set(manifests().map(({ version }) => version)).size).toBe(1);
    expect(exampleRange()).toBe(`^${manifests()[0]!.version}`);
  });

  test("moves the versions of all packages together", () => {
    const [major, minor] = manifests()[0]!.version.split(".").map(Number);
    run(copy, process.execPath, join(ROOT, "node_modules/@changesets/cli/bin.js"), "version");
    const next = `${major}.${minor! + 1}.0`;
    expect(manifests().map(({ version }) => version)).toEqual(packages.map(() => next));
    run(copy, process.execPath, join(ROOT, "scripts/set-example-version.mjs"));
    expect(exampleRange()).toBe(`^${next}`);
  });

  test("writes the repository that releases into them", () => {
    const set = join(ROOT, "scripts/set-repository.mjs");
    const before = manifests();
    expect(() => run(copy, "env", "-u", "GITHUB_REPOSITORY", process.execPath, set)).toThrow(/must be set/);
    expect(manifests()).toEqual(before);
    const variables = ["GITHUB_SERVER_URL=https://localhost", "GITHUB_REPOSITORY=someone/delve"];
    run(copy, "env", ...variables, process.execPath, set);
    manifests().forEach((manifest, i) => {
      expect(manifest).toEqual({
        ...before[i],
        homepage: "https://localhost/someone/delve#readme",
        repository: {
          type: "git",
          url: "git+https://localhost/someone/delve.git",
          directory: relative(ROOT, packages[i]!.folder),
        },
      });
    });
    expect(readManifest(join(copy, "packages/conformance"))["repository"]).toBeUndefined();
  });
});
