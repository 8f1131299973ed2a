// Runs the packed packages in every runtime and bundler: npm run runtimes -- [--write] [--nightly | names …]
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { closeBrowser } from "./lib/browser.mjs";
import { measure, PACKAGES } from "./lib/measure.mjs";
import { packAll } from "./lib/pack.mjs";
import { CACHE, Missing } from "./lib/places.mjs";
import { prepare, projectNames } from "./lib/project.mjs";
import { mergeResults, nameOf, readResults, renderTable, writeResults } from "./lib/table.mjs";

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
console.log(`\n${renderTable(rows)}`);
const failures = new Map(rows.filter((row) => row.failed).map((row) => [row.reason, row]));
for (const [reason, row] of failures) console.error(`\nruntimes: ${nameOf(row)}, ${row.package}: ${reason}`);
if (failures.size > 0) process.exit(1);
if (values.write) writeResults(mergeResults(readResults(), rows, names));

/** The rows of one project: one for each of its runtimes and each package. */
async function runProject(name, { runtimes }) {
  const start = performance.now();
  const installed = prepare(name, tarballs);
  await installed.catch(() => {}); // which each of the runtimes reports
  console.log(`${name}: ${seconds(start)} s to install`);
  const rows = [];
  for (const runtime of runtimes) rows.push(...(await runRuntime(name, installed, runtime)));
  return rows;
}

async function runRuntime(project, installed, { open, ...names }) {
  const start = performance.now();
  const { version, outcomes } = await outcomesOf(async () => open(await installed));
  const rows = PACKAGES.map((name) => ({ project, ...names, version, package: name, ...outcomes[name] }));
  const passed = rows.filter((row) => row.passed).length;
  console.log(`  ${nameOf(rows[0])}: ${passed} of ${rows.length} packages ran, ${seconds(start)} s`);
  return rows;
}

/** What came of every package; where the place itself cannot be had, the same of all. */
async function outcomesOf(openPlace) {
  let place;
  try {
    place = await openPlace();
    return { version: place.version, outcomes: await measure(place) };
  } catch (error) {
    const failed = error instanceof Missing ? {} : { failed: true };
    const outcome = { passed: false, ...failed, reason: error.message };
    return { version: "", outcomes: Object.fromEntries(PACKAGES.map((name) => [name, outcome])) };
  } finally {
    await place?.close?.();
  }
}

function seconds(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}
