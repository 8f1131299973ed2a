import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HERE, ROOT } from "./places.mjs";

/** Where results are kept between runs. */
export const RESULTS = join(HERE, "results.json");

const START = "<!-- runtimes: written by `npm run runtimes -- --write` -->";
const END = "<!-- /runtimes -->";

/** The rows of the last runs: `{ project, runtime, version, how?, package, passed, ran or reason }`. */
export function readResults() {
  try {
    return JSON.parse(readFileSync(RESULTS, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** Puts new rows in the place of those of the same projects, in the order of `names`. */
export function mergeResults(old, fresh, names) {
  const replaced = new Set(fresh.map(({ project }) => project));
  const all = [...old.filter(({ project }) => !replaced.has(project)), ...fresh];
  return names.flatMap((name) => all.filter(({ project }) => project === name));
}

/**
 * The table of the README: a row a runtime, a column a package.
 *
 * @param {ReturnType<typeof readResults>} rows
 * @returns {string} Markdown: the table, then a note for every reason why something was not run.
 */
export function renderTable(rows) {
  const packages = [...new Set(rows.map((row) => row.package))];
  // A runtime that could not be had has no version to be told by.
  const keyOf = (row) => `${row.project}: ${nameOf(row)}`;
  const runtimes = [...new Set(rows.map(keyOf))];
  const reasons = [...new Set(rows.filter(({ passed }) => !passed).map(({ reason }) => reason))];
  const cell = ({ passed, failed, ran, reason }) =>
    passed ? ran : `${failed ? "failed" : "not run"} (${reasons.indexOf(reason) + 1})`;
  const lines = runtimes.map((key) => {
    const own = rows.filter((row) => keyOf(row) === key);
    return line([nameOf(own[0]), ...packages.map((name) => cell(own.find((row) => row.package === name)))]);
  });
  const head = [line(["", ...packages]), line(Array(packages.length + 1).fill("---"))];
  const notes = reasons.map((reason, i) => `${i + 1}. ${reason}`);
  return [...head, ...lines, ...(notes.length > 0 ? ["", "Not run:", "", ...notes] : [])].join("\n");
}

/** What a runtime is called in the table. */
export const nameOf = ({ runtime, version, how }) =>
  [`${runtime} ${version}`.trim(), how].filter(Boolean).join(", ");

const line = (cells) => `| ${cells.join(" | ")} |`;

/** A text with the table between its two marks. */
export function withTable(text, table) {
  const [from, to] = [text.indexOf(START), text.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`withTable: the text must have ${START} and ${END}, got neither or one`);
  return `${text.slice(0, from)}${START}\n\n${table}\n\n${text.slice(to)}`;
}

/** Keeps results, and writes the README's table anew. */
export function writeResults(rows) {
  writeFileSync(RESULTS, `${JSON.stringify(rows, null, 2)}\n`);
  const readme = join(ROOT, "README.md");
  writeFileSync(readme, withTable(readFileSync(readme, "utf8"), renderTable(rows)));
}
