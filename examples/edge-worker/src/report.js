import { CovarianceMatrix, eigh } from "@delve/core";

/** Share of the variance that counts as all of it. */
const THRESHOLD = 0.99;

/**
 * What the samples tell.
 *
 * - `intrinsicDimensionality`: directions that carry 99 % of their variance; `saturation`: their share of all.
 * - `effectiveRank`: exp of the entropy of the variance's shares (Roy and Vetterli 2007).
 * - `drift`: how far they are from the reference; `null` without one.
 */
export async function reportOf(current, reference, features) {
  if (current === undefined) return { samples: 0, features, drift: null };
  const matrix = await CovarianceMatrix.fromState(current);
  try {
    const dimensions = await matrix.intrinsicDimensionality({ threshold: THRESHOLD });
    return {
      samples: current.count,
      features,
      // Of few samples every figure is too small: they cannot fill more directions than they are.
      undersampled: current.count < 10 * features,
      intrinsicDimensionality: dimensions,
      saturation: dimensions / features,
      effectiveRank: effectiveRank(await matrix.spectrum()),
      drift: reference === undefined ? null : await driftOf(matrix, reference),
    };
  } finally {
    matrix.dispose();
  }
}

function effectiveRank(spectrum) {
  const shares = sharesOf(spectrum).filter((share) => share > 0);
  return shares.length === 0 ? 0 : Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0));
}

function sharesOf(values) {
  const all = values.reduce((sum, value) => sum + value, 0);
  return all === 0 ? [] : Array.from(values, (value) => value / all);
}

/**
 * How far samples are from the reference.
 *
 * - `meanShift`: how far the mean has moved, in standard deviations of the reference, all directions together.
 * - `outside`: share of the samples' variance, measured from the reference's mean, along directions in which the
 *   reference hardly varies: about 0.01 where nothing has changed, up to 1.
 */
async function driftOf(matrix, reference) {
  const before = await CovarianceMatrix.fromState(reference);
  try {
    const covariance = await before.fix();
    const dimensions = await before.intrinsicDimensionality({ threshold: THRESHOLD });
    const { vectors } = await eigh(covariance);
    const shift = difference(await matrix.mean(), await before.mean());
    const now = await matrix.fix();
    const total = traceOf(now) + dot(shift, shift);
    const inside = secondMomentAlong(lastColumns(vectors, dimensions), now, shift);
    return {
      referenceSamples: reference.count,
      meanShift: Math.sqrt(dot(shift, shift) / traceOf(covariance)),
      outside: total === 0 ? 0 : Math.max(0, 1 - inside / total),
    };
  } finally {
    before.dispose();
  }
}

/** Σ aᵀ (C + δδᵀ) a over the axes. */
function secondMomentAlong(axes, { data, shape: [features] }, shift) {
  let sum = 0;
  for (const axis of axes) {
    sum += dot(axis, shift) ** 2;
    for (let i = 0; i < features; i++) {
      sum += axis[i] * dot(axis, data.subarray(i * features, (i + 1) * features));
    }
  }
  return sum;
}

/** The eigenvectors of the largest eigenvalues, which come last. */
function lastColumns({ data, shape: [features] }, count) {
  return Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length: features }, (_, i) => data[i * features + features - 1 - k]),
  );
}

function traceOf({ data, shape: [features] }) {
  let sum = 0;
  for (let i = 0; i < features; i++) sum += data[i * (features + 1)];
  return sum;
}

const difference = (a, b) => a.map((value, i) => value - b[i]);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
