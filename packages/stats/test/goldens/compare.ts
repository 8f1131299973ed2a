import {
  covarianceBound,
  type ForwardOutcome,
  type GoldenBatch,
  type GoldenLayer,
  goldenCovarianceBound,
  type SaveOutcome,
  spectrumBound,
} from "@delve/conformance";
import { covariance, type MomentsState, mean, unpackUpper } from "@delve/kernel";
import { columnName, intrinsicDimensionality, type StatRecord, saturation } from "@delve/stats";
import { expect } from "vitest";
import type { ForwardResult, SaveResult } from "./replay.js";

/** A forward pass must have been recorded or passed over as by Delve, and given the same samples. */
export function expectForward(
  actual: ForwardResult,
  expected: ForwardOutcome,
  rows: GoldenBatch | null,
  exact: boolean,
): void {
  expect(actual.warning).toBeNull();
  expect(actual.recorded).toBe(expected.recorded);
  expect(actual.seen).toBe(expected.seen ?? 0);
  if (rows === null) return;
  expect(actual.rows!.shape).toEqual(rows.shape);
  // PyTorch averages and interpolates in float32.
  const bound = exact ? 0 : 1e-6 * largest(rows.data);
  expect(largest(difference(actual.rows!.data, rows.data))).toBeLessThanOrEqual(bound);
}

/** A save must have the same columns in the same order, and the same values up to rounding. */
export function expectSave(actual: SaveResult, expected: SaveOutcome, threshold: number): void {
  expect(actual.records.map(columnName)).toEqual(expected.columns);
  for (const record of actual.records) {
    if (typeof record.value === "object" && record.value !== null) continue;
    // What Delve reports as NaN is no value here.
    const none = Number.isNaN(expected.values[columnName(record)]);
    expect(record.value === null, columnName(record)).toBe(none);
  }
  for (const layer of expected.layers) expectLayer(actual, layer, threshold);
}

function expectLayer(actual: SaveResult, golden: GoldenLayer, threshold: number): void {
  const { phase, layer, features } = golden;
  const records = actual.records.filter(
    (r): r is StatRecord => r.kind === "stat" && r.phase === phase && r.layer === layer,
  );
  // Delve tells of every layer; one whose statistics are not reported is not computed here.
  if (records.length === 0) return;
  for (const record of records) {
    expect(record).toMatchObject({ samples: golden.samples, features });
  }
  const { state, spectrum } = actual.behind.get(`${phase} ${layer}`)!;
  expectMoments(state, golden);
  const bound = eigenvalueErrorOf(golden);
  const ascending = Array.from(spectrum.values).reverse();
  expect(largest(difference(ascending, golden.eigenvalues))).toBeLessThanOrEqual(bound);
  expectTraces(records, golden, bound);
  expectDeterminant(records, golden, bound);
  if (!golden.unstable) expectCounts(records, spectrum.values, golden, threshold);
}

/** Delve forms E[x xᵀ] − μμᵀ: its own error is that of the second moment. */
const secondMomentOf = ({ covariance, mean, features }: GoldenLayer): number =>
  largest(covariance.map((value, i) => value + mean[Math.floor(i / features)]! * mean[i % features]!));

/** How far apart the eigenvalues of the two may be: what their matrices differ by, and what both solvers round. */
const eigenvalueErrorOf = (golden: GoldenLayer): number =>
  golden.features * goldenCovarianceBound(Number.EPSILON, secondMomentOf(golden)) +
  2 * spectrumBound(Number.EPSILON, golden.features, largest(golden.eigenvalues));

function expectMoments(state: MomentsState, golden: GoldenLayer): void {
  const { features, covarianceReference } = golden;
  const dense = unpackUpper(covariance(state));
  const bound = goldenCovarianceBound(Number.EPSILON, secondMomentOf(golden));
  expect(largest(difference(dense, golden.covariance))).toBeLessThanOrEqual(bound);
  for (const [f, value] of mean(state).entries()) {
    const scale = Math.abs(golden.mean[f]!) + Math.sqrt(golden.covariance[f * features + f]!);
    expect(Math.abs(value - golden.mean[f]!)).toBeLessThanOrEqual(1e-14 * (scale || 1));
  }
  // Where Delve loses digits, the two-pass covariance says what they were.
  for (const [i, value] of (covarianceReference ?? []).entries()) {
    const [row, column] = [Math.floor(i / features), i % features];
    const variance = (k: number): number => covarianceReference![k * features + k]!;
    const reference = covarianceBound(Number.EPSILON, variance(row), variance(column));
    expect(Math.abs(dense[i]! - value)).toBeLessThanOrEqual(reference);
  }
}

function expectTraces(records: readonly StatRecord[], golden: GoldenLayer, bound: number): void {
  for (const key of ["trc", "dtrc"] as const) {
    const expected = golden[key];
    if (expected === undefined) continue;
    const value = records.find(({ stat }) => stat === key)!.value as number;
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(golden.features * bound);
  }
}

/** Relative, by the share of each eigenvalue that is certain; a singular matrix leaves nothing to compare. */
function expectDeterminant(records: readonly StatRecord[], golden: GoldenLayer, bound: number): void {
  if (golden.det === undefined) return;
  const value = records.find(({ stat }) => stat === "det")!.value as number;
  const uncertainty = golden.eigenvalues.reduce((sum, lambda) => sum + bound / Math.max(lambda, 0), 0);
  if (uncertainty > 0.01) return;
  if (Number.isFinite(golden.det) && golden.det !== 0) {
    expect(Math.abs(value / golden.det - 1)).toBeLessThanOrEqual(2 * uncertainty);
  } else {
    expect(value).toBe(golden.det);
  }
}

/** Counts hang on one comparison, which is certain if no share is near the threshold. */
function expectCounts(
  records: readonly StatRecord[],
  eigenvalues: Float64Array,
  golden: GoldenLayer,
  threshold: number,
): void {
  const found = (key: string): unknown => records.find(({ stat }) => stat === key)?.value;
  for (const { thresh, idim, lsat, margin } of golden.thresholds) {
    if (margin !== null && margin <= 1e-9) continue;
    expect(intrinsicDimensionality(eigenvalues, thresh, "delve")).toBe(idim);
    expect(saturation(eigenvalues, thresh, "delve")).toBe(lsat);
    // The documented number counts the direction too with which the share is reached.
    expect(intrinsicDimensionality(eigenvalues, thresh)).toBe(margin === null ? 0 : idim + 1);
    if (thresh !== threshold) continue;
    expect(found("idim") ?? idim).toBe(idim);
    expect(found("lsat") ?? lsat).toBe(lsat);
  }
}

const largest = (values: Iterable<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
  Array.from(a, (value, i) => value - b[i]!);
