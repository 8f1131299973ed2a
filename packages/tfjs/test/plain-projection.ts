// Principal projections the plain way, without a line of delve: means and products in two passes, orthogonal iteration.
type Row = readonly number[];

const dot = (a: Row, b: Row): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const plus = (a: Row, factor: number, b: Row): number[] => a.map((value, i) => value + factor * b[i]!);
const columns = (rows: readonly Row[]): number[][] => rows[0]!.map((_, f) => rows.map((row) => row[f]!));

/** Covariance of samples, and their mean. */
function moments(samples: readonly Row[]): { mean: number[]; covariance: number[][] } {
  const mean = columns(samples).map((values) => values.reduce((a, b) => a + b) / values.length);
  const deviations = columns(samples.map((sample) => plus(sample, -1, mean)));
  const covariance = deviations.map((a) => deviations.map((b) => dot(a, b) / samples.length));
  return { mean, covariance };
}

/** Gram–Schmidt, twice over for what the first time leaves. */
function orthonormal(axes: readonly Row[]): number[][] {
  const done: number[][] = [];
  for (const axis of axes) {
    let rest = [...axis];
    for (let round = 0; round < 2; round++) for (const q of done) rest = plus(rest, -dot(rest, q), q);
    const length = Math.sqrt(dot(rest, rest));
    done.push(rest.map((value) => value / length));
  }
  return done;
}

/** μ + P(x − μ) of each of `rows`, where P keeps the `rank` directions in which the samples vary most. */
export function plainProjection(samples: readonly Row[], rank: number, rows: readonly Row[]): number[][] {
  const { mean, covariance } = moments(samples);
  let axes = orthonormal(covariance.slice(0, rank));
  for (let step = 0; step < 500; step++) {
    axes = orthonormal(axes.map((axis) => covariance.map((row) => dot(row, axis))));
  }
  return rows.map((row) => {
    const deviation = plus(row, -1, mean);
    return axes.reduce<number[]>((point, axis) => plus(point, dot(deviation, axis), axis), mean);
  });
}
