import {
  covarianceBound,
  type DenseSamples,
  dyadics,
  permutations,
  samplesArbitrary,
  splitsOf,
  twoPassCovariance,
} from "@delve/conformance";
import { unpackUpper } from "@delve/kernel";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { CovarianceMatrix } from "./covariance-matrix.js";

const input = ({ data, rows, features }: DenseSamples) => ({ data, shape: [rows, features] });

/** Samples, how they are cut into batches, and an order of the batches. */
const cutUp = samplesArbitrary({ minRows: 2 }, dyadics()).chain((samples) =>
  splitsOf(samples)
    .map((pieces) => pieces.filter(({ rows }) => rows > 0))
    .chain((pieces) =>
      permutations(pieces.length).map((order) => ({ samples, pieces: order.map((k) => pieces[k]!) })),
    ),
);

function expectCovarianceOf(samples: DenseSamples, data: Float64Array): void {
  const d = samples.features;
  const expected = unpackUpper(twoPassCovariance(samples));
  data.forEach((value, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    const bound = covarianceBound(Number.EPSILON, expected[i * d + i]!, expected[j * d + j]!);
    expect(Math.abs(value - expected[at]!)).toBeLessThanOrEqual(bound);
  });
}

test.prop([cutUp, fc.constantFrom(0, 2 ** 36)])(
  "batches in any order give the covariance of the whole, and savedSamples holds them all",
  async ({ samples, pieces }, mean) => {
    const matrix = await CovarianceMatrix.open({ saveData: true });
    const shifted = pieces.map((piece) => ({ ...piece, data: piece.data.map((value) => value + mean) }));
    for (const piece of shifted) matrix.update(input(piece));
    expect(matrix.count).toBe(samples.rows);
    expectCovarianceOf(samples, (await matrix.fix()).data);
    expect(Array.from(matrix.savedSamples!.data)).toEqual(shifted.flatMap(({ data }) => Array.from(data)));
    matrix.dispose();
  },
);

test.prop([cutUp])("so do matrices merged by way of their bytes", async ({ samples, pieces }) => {
  const whole = await CovarianceMatrix.open();
  for (const piece of pieces) {
    const part = await CovarianceMatrix.open();
    part.update(input(piece));
    const sent = await CovarianceMatrix.decode(await part.encode());
    await whole.merge(sent);
    part.dispose();
    sent.dispose();
  }
  expectCovarianceOf(samples, (await whole.fix()).data);
  whole.dispose();
});
