import {
  covarianceBound,
  type DenseSamples,
  denseSamples,
  piecesOf,
  propertyRuns,
  sampleMatrix,
  seededRandom,
  sliceRows,
  twoPassCovariance,
} from "@delve/conformance";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { covariance, loadKernel, type MomentsState, type SymmetricMatrix } from "../src/index.js";

// The kernel centres a panel of samples only where their mean has left the shift (assembly/moments/layout.ts). These
// samples stay for a while, then leave, come back, stand still or spread: whichever way a panel goes in, the promised
// digits are there.
const backend = await loadKernel();
const FEATURES = 5;

interface Stretch {
  readonly rows: number;
  readonly mean: number;
  readonly deviation: number;
}

const stretches = fc.array(
  fc.record({
    rows: fc.integer({ min: 1, max: 900 }),
    mean: fc.oneof(fc.constant(0), fc.constantFrom(0.1, 0.3, 1, -2, 1e3, -1e6, 1 / 3)),
    deviation: fc.constantFrom(0, 0, 1, 1, 1e-3, 100),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Feature f follows the stretches f places late, so that features leave at different times; the last is constant. */
function samplesOf(parts: readonly Stretch[], seed: number): DenseSamples {
  const random = seededRandom(seed);
  const of = parts.flatMap((part) => new Array<Stretch>(part.rows).fill(part));
  return denseSamples(of.length, FEATURES, (r, f) => {
    const { mean, deviation } = of[Math.max(0, r - 100 * f)] as Stretch;
    return f === FEATURES - 1 ? 0.1 : mean * (1 + f) + deviation * random.normal();
  });
}

function expectCovariance(state: MomentsState, truth: SymmetricMatrix): void {
  const { upper } = covariance(state);
  const variances = Array.from({ length: FEATURES }, (_, f) => truth.upper[place(f, f)] as number);
  for (let i = 0; i < FEATURES; i++) {
    for (let j = i; j < FEATURES; j++) {
      const error = Math.abs((upper[place(i, j)] as number) - (truth.upper[place(i, j)] as number));
      const bound = covarianceBound(Number.EPSILON, variances[i] as number, variances[j] as number);
      expect(error, `error of element ${i}, ${j}`).toBeLessThanOrEqual(bound);
    }
  }
}

const place = (i: number, j: number) => i * FEATURES - (i * (i - 1)) / 2 + (j - i);

function accumulate(samples: DenseSamples, size: number, peek: boolean): MomentsState {
  const moments = backend.createMoments(FEATURES);
  for (const piece of piecesOf(samples, size)) {
    moments.update(sampleMatrix(piece));
    if (peek) moments.state();
  }
  const state = moments.state();
  moments.dispose();
  return state;
}

test.prop([stretches, fc.integer(), fc.constantFrom(37, 256, 1000, 10_000), fc.boolean()], {
  numRuns: propertyRuns(60),
})("covariance keeps its digits wherever the mean goes", (parts, seed, size, peek) => {
  const samples = samplesOf(parts, seed);
  expectCovariance(accumulate(samples, size, peek), twoPassCovariance(samples));
});

test.prop([stretches, fc.integer(), fc.double({ min: 0, max: 1, noNaN: true })], {
  numRuns: propertyRuns(40),
})("and so it does when states are merged into an accumulator that goes on", (parts, seed, share) => {
  const samples = samplesOf(parts, seed);
  const cut = Math.floor(share * samples.rows);
  const [first, second] = [sliceRows(samples, 0, cut), sliceRows(samples, cut, samples.rows)];
  const moments = backend.createMoments(FEATURES);
  moments.update(sampleMatrix(second));
  moments.merge(accumulate(first, 256, false));
  moments.update(sampleMatrix(second));
  const all = denseSamples(samples.rows + second.rows, FEATURES, (r, f) => {
    const row = r < samples.rows ? r : r - samples.rows + cut;
    return samples.data[row * FEATURES + f] as number;
  });
  expectCovariance(moments.state(), twoPassCovariance(all));
  moments.dispose();
});

test("the shift stays where the samples stay, and follows them where they go", () => {
  const still = samplesOf([{ rows: 256, mean: 3, deviation: 1 }], 1);
  const moments = backend.createMoments(FEATURES);
  moments.update(sampleMatrix(still));
  const { shift } = moments.state();
  for (let i = 0; i < 10; i++) moments.update(sampleMatrix(still));
  expect(moments.state().shift).toEqual(shift);
  const away = samplesOf([{ rows: 256, mean: 300, deviation: 1 }], 2);
  for (let i = 0; i < 11; i++) moments.update(sampleMatrix(away));
  const state = moments.state();
  expect(state.shift[0]).toBeGreaterThan(100);
  expect(Math.abs(state.offset[0] as number)).toBeLessThan(
    Math.sqrt(covariance(state).upper[0] as number) / 2,
  );
  moments.dispose();
});

test("first samples far away from all others cost no digits, though the shift was set by them alone", () => {
  const samples = samplesOf(
    [
      { rows: 2, mean: -1e8, deviation: 1 },
      { rows: 20_000, mean: 1, deviation: 1 },
    ],
    3,
  );
  const moments = backend.createMoments(FEATURES);
  moments.update(sampleMatrix(sliceRows(samples, 0, 2)));
  moments.state();
  moments.update(sampleMatrix(sliceRows(samples, 2, samples.rows)));
  expectCovariance(moments.state(), twoPassCovariance(samples));
  moments.dispose();
});
