// Runs the packed packages in every runtime and bundler: npm run runtimes -- [--write] [--nightly | names …]
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { closeBrowser } from "./lib/browser.mjs";
import { measure, PACKAGES } from "./lib/measure.mjs";
import { packAll } from "./lib/pack.mjs";
import { CACHE, Missing } from "./lib/places.mjs";
import { prepare, projectNames } from "./lib/project.mjs";
import { mergeResults, readResults, renderTable, writeResults } from "./lib/table.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false }, nightly: { type: "boolean", default: false } },
});
const names = projectNames();
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`runtimes: names must be among ${names.join(", ")}, got ${unknown.join(", ")}`);
  process.exit(1);
}

const tarballs = await packAll(join(CACHE, "tarballs"));
const rows = [];
for (const name of positionals.length > 0 ? positionals : names) {
  const { default: project } = await import(`./projects/${name}/project.mjs`);
  const chosen = positionals.length > 0 || values.nightly || !project.nightly;
  if (chosen) rows.push(...(await runProject(name, project)));
}
await closeBrowser();
if (values.write) writeResults(mergeResults(readResults(), rows, names));
console.log(`\n${renderTable(rows)}`);
const failed = rows.filter((row) => row.failed);
const failures = new Map(failed.map((row) => [row.reason, row]));
for (const [reason, row] of failures) console.error(`\nruntimes: ${row.runtime}, ${row.package}: ${reason}`);
process.exit(failed.length > 0 ? 1 : 0);

/** The rows of one project: one for each of its runtimes and each package. */
async function runProject(name, { runtimes }) {
  const rows = [];
  for (const { runtime, open } of runtimes) {
    const start = performance.now();
    const { version, outcomes } = await outcomesOf(name, open);
    const own = PACKAGES.map((entry) => ({ project: name, runtime, version, package: entry, ...outcomes[entry] }));
    const passed = own.filter((row) => row.passed).length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name}, ${runtime} ${version}: ${passed} of ${own.length} packages ran, ${seconds} s`);
    rows.push(...own);
  }
  return rows;
}

async function outcomesOf(name, open) {
  let place;
  try {
    place = await open(await prepare(name, tarballs));
    return { version: place.version, outcomes: await measure(place) };
  } catch (error) {
    const outcome = { passed: false, failed: !(error instanceof Missing), reason: error.message };
    return { version: "", outcomes: Object.fromEntries(PACKAGES.map((entry) => [entry, outcome])) };
  } finally {
    await place?.close?.();
  }
}
