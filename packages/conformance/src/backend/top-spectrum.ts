import { type Backend, NonFiniteError, ShapeError, type SymmetricMatrix } from "@delve/kernel";
import fc from "fast-check";
import { expect } from "vitest";
import { eigenvalueBound } from "../bounds.js";
import type { CaseGroup, ConformanceCase } from "../conformance-case.js";
import { hardMatrices } from "../hard-matrices.js";
import { symmetricMatrix, withSpectrum } from "../matrices.js";
import { propertyRuns } from "../property-runs.js";
import { expectRefusal } from "./expectations.js";

/**
 * That the short cut to the leading eigenvalues leads where all eigenvalues lead, whatever the spectrum. A backend
 * without the short cut has nothing to show.
 */
export function topSpectrumCases(): CaseGroup {
  return { title: "leading eigenvalues", cases: [...hardCases(), ...spectrumCases(), ...tieCases, refusals] };
}

/** How many descending eigenvalues carry the threshold's share: the least number, and those that stay below it. */
export function countsOf(descending: Float64Array, threshold: number): { least: number; below: number } {
  const largest = Math.max(descending[0]!, 0);
  if (largest === 0) return { least: 0, below: 0 };
  const shares = descending.map((value) => Math.max(value, 0) / largest);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const least = countUntil(shares, total, threshold - shares.length * Number.EPSILON) + 1;
  return { least, below: countUntil(shares, total, threshold) };
}

function countUntil(shares: Float64Array, total: number, reached: number): number {
  let carried = 0;
  const at = shares.findIndex((share) => {
    carried += share;
    return carried / total >= reached;
  });
  return at < 0 ? shares.length : at;
}

/** Also tells whether all eigenvalues had to be found. */
export async function expectSameCounts(
  backend: Backend,
  a: SymmetricMatrix,
  threshold: number,
  rank?: number,
): Promise<boolean> {
  if (backend.topSpectrum === undefined) return true;
  const all = (await backend.eigvalsh(a)).reverse();
  const kept = a.upper.slice();
  const { values, complete } = await backend.topSpectrum(a, threshold, rank);
  expect(a.upper).toEqual(kept);
  const { least, below } = countsOf(all, threshold);
  if (complete) {
    expect(values).toHaveLength(a.order);
    expect(countsOf(values, threshold)).toEqual({ least, below });
  } else {
    expect([values.length, values.length - 1]).toEqual([least, below]);
  }
  const bound = eigenvalueBound(backend.epsilon, a.order, Math.abs(all[0]!));
  values.forEach((value, k) => {
    expect(value).toBeLessThanOrEqual(all[k]! + bound);
    expect(value).toBeLessThanOrEqual(values[k - 1] ?? value);
    if (complete) expect(value).toBeGreaterThanOrEqual(all[k]! - bound);
  });
  return complete;
}

const THRESHOLDS = [-1, 0, 1e-9, 0.5, 0.9, 0.99, 0.999999, 1, 2];

function hardCases(): ConformanceCase[] {
  return hardMatrices()
    .filter(({ eigenvalues }) => eigenvalues?.every((value) => value >= 0))
    .map(({ name, matrix }) => ({
      name: `top of ${name}`,
      async run({ backend }) {
        for (const threshold of THRESHOLDS) await expectSameCounts(backend, matrix, threshold);
      },
    }));
}

type Spectrum = (i: number, order: number) => number;

const power = fc.double({ min: 0.5, max: 4, noNaN: true });
const families: [name: string, spectra: fc.Arbitrary<Spectrum>][] = [
  ["flat", fc.constant<Spectrum>(() => 1)],
  ["nearly flat", fc.constant<Spectrum>((i, order) => 1 + i / order)],
  ["like a power", power.map((a) => (i) => (i + 1) ** -a)],
  ["exponential", fc.integer({ min: 1, max: 60 }).map((scale) => (i) => Math.exp(-i / scale))],
  [
    "in clusters",
    fc.integer({ min: 2, max: 30 }).map((size) => (i) => 4 ** -Math.floor(i / size) * (1 + 1e-11 * i)),
  ],
  ["with multiple values", fc.integer({ min: 2, max: 30 }).map((size) => (i) => 4 ** -Math.floor(i / size))],
  ["of low rank", fc.integer({ min: 1, max: 40 }).map((rank) => (i) => (i < rank ? 1 / (1 + i) : 0))],
  [
    "of spikes over noise",
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.double({ min: 1, max: 6, noNaN: true })).map(
      ([spikes, height]) =>
        (i) =>
          i < spikes ? 10 ** height : 1,
    ),
  ],
];

/** Turned into any direction, or left along the axes, where a start at a unit vector sees one eigenvalue only. */
function matrixOf(values: number[], turned: boolean): SymmetricMatrix {
  return turned ? withSpectrum(values) : symmetricMatrix(values.length, (i, j) => (i === j ? values[i]! : 0));
}

function spectrumCases(): ConformanceCase[] {
  return families.map(([name, spectra]) => ({
    name: `top of a spectrum ${name}`,
    run: ({ backend }) =>
      fc.assert(
        fc.asyncProperty(
          spectra,
          fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 71, max: 300 })),
          fc.oneof(
            fc.constantFrom(0.9, 0.95, 0.99, 0.999),
            fc.double({ min: 0.01, max: 0.9999, noNaN: true }),
          ),
          fc.boolean(),
          fc.integer({ min: -300, max: 300 }),
          async (spectrum, order, threshold, turned, exponent) => {
            const values = Array.from({ length: order }, (_, i) => spectrum(i, order) * 10 ** exponent);
            const rank = values.filter((value) => value > 0).length;
            const matrix = matrixOf(values, turned);
            await expectSameCounts(backend, matrix, threshold);
            await expectSameCounts(backend, matrix, threshold, rank);
          },
        ),
        { numRuns: propertyRuns(20) },
      ),
  }));
}

/** Thresholds at a share of the very spectrum, or next to it. */
const tieCases: ConformanceCase[] = [100, 200].map((order) => ({
  name: `top at the shares of a spectrum, order ${order}`,
  async run({ backend }) {
    const matrix = withSpectrum(Array.from({ length: order }, (_, i) => (i + 1) ** -3));
    const values = (await backend.eigvalsh(matrix)).reverse();
    const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
    for (const count of [1, 2, 3, 5, 9]) {
      const share = values.subarray(0, count).reduce((sum, value) => sum + value, 0) / total;
      for (const off of [-1e-6, -1e-9, -1e-12, -Number.EPSILON, 0, Number.EPSILON, 1e-12, 1e-9, 1e-6]) {
        await expectSameCounts(backend, matrix, share + off);
      }
    }
  },
}));

const refusals: ConformanceCase = {
  name: "top of a matrix that is none",
  async run({ backend }) {
    const find = backend.topSpectrum?.bind(backend);
    if (find === undefined) return;
    await expectRefusal(
      () => find({ order: 2, upper: new Float64Array(4) }, 0.5),
      ShapeError,
      /^topSpectrum: .*got 4/,
    );
    for (const order of [3, 100]) {
      const matrix = symmetricMatrix(order, (i, j) => (i === j ? 1 : 0));
      matrix.upper[order + 1] = Number.NaN;
      const error = await expectRefusal(() => find(matrix, 0.5), NonFiniteError, /^topSpectrum: .*got NaN/);
      expect({ ...error }).toMatchObject({ row: 1, feature: 2 });
    }
  },
};
