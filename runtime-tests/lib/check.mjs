import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HERE } from "./places.mjs";

/** What NumPy says of the known matrix. */
export const expected = JSON.parse(readFileSync(join(HERE, "expected.json"), "utf8"));

const idim99 = expected.idim[expected.thresholds.indexOf(0.99)];

// Relative, of numbers that rest on a sum of 48 products: rounding is some 1e-15, a wrong algorithm is off by 1e-10.
const BOUND = 1e-12;
// A GPU's stated bound is 6e-12 of a variance; the smallest eigenvalue is held to the largest.
const OF_LARGEST = 1e-11;

/** Each field that an answer may have, and what must hold of it. */
const RULES = {
  saturation: (value) => value === expected.saturation,
  idim: (value) => JSON.stringify(value) === JSON.stringify(expected.idim),
  idim99: (value) => value === idim99,
  trace: (value) => Math.abs(value - expected.trace) <= BOUND * expected.trace,
  spectrum: (value) =>
    value.length === expected.spectrum.length &&
    value.every((entry, i) => Math.abs(entry - expected.spectrum[i]) <= OF_LARGEST * expected.spectrum[0]),
  layers: (value) => value === 1,
  missing: (value) => value.length === 0,
};

/**
 * Holds a job's answer against NumPy's figures.
 *
 * @param {string[]} wanted - Fields that must be there.
 * @param {Record<string, unknown>} answer
 * @throws {Error} Naming the first field that is missing or wrong.
 */
export function check(wanted, answer) {
  for (const field of wanted) {
    const value = answer[field];
    if (value === undefined || !RULES[field](value)) {
      const right = field === "idim99" ? idim99 : (expected[field] ?? "what the job says");
      throw new Error(`${field} must be ${JSON.stringify(right)}, got ${JSON.stringify(value)}`);
    }
  }
}

/** The figures in the two files that the job of stats writes. */
export function readRun({ csv, jsonl }) {
  const [header, row] = csv
    .trim()
    .split("\n")
    .map((line) => line.split(";"));
  const lines = jsonl
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const figure = (stat, name) => {
    const inTable = Number(row[header.indexOf(`eval-${name}_layer`)]);
    const inLines = lines.find((line) => line.stat === stat && line.layer === "layer")?.value;
    if (inTable !== inLines)
      throw new Error(`${stat} must be the same in both files, got ${inTable} and ${inLines}`);
    return inTable;
  };
  return {
    saturation: figure("lsat", "saturation"),
    idim99: figure("idim", "intrinsic-dimensionality"),
    trace: figure("trc", "covariance-trace"),
  };
}
