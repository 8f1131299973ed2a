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
for (const row of failed) console.error(`\nruntimes: ${row.project}, ${row.package}: ${row.reason}`);
process.exit(failed.length > 0 ? 1 : 0);

/** The rows of one project: one for each package. */
async function runProject(name, project) {
  const start = performance.now();
  const { version, outcomes } = await outcomesOf(name, project);
  const passed = PACKAGES.filter((entry) => outcomes[entry].passed).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${passed} of ${PACKAGES.length} passed, ${seconds} s`);
  const { runtime } = project;
  return PACKAGES.map((entry) => ({ project: name, runtime, version, package: entry, ...outcomes[entry] }));
}

async function outcomesOf(name, project) {
  let place;
  try {
    place = await project.open(await prepare(name, tarballs));
    return { version: place.version, outcomes: await measure(place) };
  } catch (error) {
    const outcome = { passed: false, failed: !(error instanceof Missing), reason: error.message };
    return { version: "", outcomes: Object.fromEntries(PACKAGES.map((entry) => [entry, outcome])) };
  } finally {
    await place?.close?.();
  }
}
