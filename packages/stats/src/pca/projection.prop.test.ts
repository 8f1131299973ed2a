import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { project, projectionCoordinates, projectionMatrix, randomProjection } from "./projection.js";

const projections = fc
  .integer({ min: 1, max: 12 })
  .chain((features) =>
    fc.record({
      features: fc.constant(features),
      rank: fc.integer({ min: 1, max: features }),
      seed: fc.nat(),
      center: fc.float64Array({
        minLength: features,
        maxLength: features,
        min: -100,
        max: 100,
        noNaN: true,
      }),
      samples: fc.float64Array({
        minLength: 3 * features,
        maxLength: 3 * features,
        min: -100,
        max: 100,
        noNaN: true,
      }),
    }),
  )
  .map(({ features, rank, seed, center, samples }) => ({
    projection: randomProjection(features, rank, { seed }, center),
    rows: { data: samples, rows: 3, features, rowStride: features, featureStride: 1 },
  }));

const rowsOf = (data: Float64Array, features: number) => ({
  data,
  rows: data.length / features,
  features,
  rowStride: features,
  featureStride: 1,
});

const largest = (values: Iterable<number>) => Math.max(0, ...Array.from(values, Math.abs));

/** Values up to 200 from the centre, a few dozen operations each. */
const BOUND = 1e-11;

describe("projections", () => {
  test.prop([projections])("the matrix is symmetric, idempotent, of trace rank", ({ projection }) => {
    const { features: d, rank } = projection;
    const p = projectionMatrix(projection);
    const at = (i: number, j: number) => p[i * d + j]!;
    let trace = 0;
    for (let i = 0; i < d; i++) {
      trace += at(i, i);
      for (let j = 0; j < d; j++) {
        expect(at(i, j)).toBe(at(j, i));
        let square = 0;
        for (let k = 0; k < d; k++) square += at(i, k) * at(k, j);
        expect(Math.abs(square - at(i, j))).toBeLessThan(1e-13);
      }
    }
    expect(Math.abs(trace - rank)).toBeLessThan(1e-13);
  });

  test.prop([projections])("the same sample, projected twice, stays", ({ projection, rows }) => {
    const once = project(projection, rows).data;
    const twice = project(projection, rowsOf(once, projection.features)).data;
    expect(largest(twice.map((value, i) => value - once[i]!))).toBeLessThan(BOUND);
  });

  test.prop([projections])("the centre stays in its place", ({ projection }) => {
    const { center, features } = projection;
    const moved = project(projection, rowsOf(center, features)).data;
    expect(moved.map((value, i) => value - center[i]!)).toEqual(new Float64Array(features));
  });

  test.prop([projections])(
    "is μ + P(x − μ) by its matrix, and keeps no more than the coordinates say",
    ({ projection, rows }) => {
      const { features: d, center, rank } = projection;
      const p = projectionMatrix(projection);
      const moved = project(projection, rows).data;
      const coordinates = projectionCoordinates(projection, rows);
      expect([coordinates.rows, coordinates.columns]).toEqual([3, rank]);
      for (let r = 0; r < 3; r++) {
        const deviation = Float64Array.from({ length: d }, (_, f) => rows.data[r * d + f]! - center[f]!);
        let length = 0;
        for (let i = 0; i < d; i++) {
          let expected = center[i]!;
          for (let j = 0; j < d; j++) expected += p[i * d + j]! * deviation[j]!;
          expect(Math.abs(moved[r * d + i]! - expected)).toBeLessThan(BOUND);
          length += (moved[r * d + i]! - center[i]!) ** 2;
        }
        const own = coordinates.data.slice(r * rank, (r + 1) * rank);
        expect(Math.abs(own.reduce((sum, value) => sum + value ** 2, 0) - length)).toBeLessThan(1e-8);
      }
    },
  );

  test.prop([projections])("columns, rows and blocks of samples are read alike", ({ projection, rows }) => {
    const { features } = projection;
    const columns = Float64Array.from({ length: 3 * features }, (_, i) => {
      return rows.data[(i % 3) * features + Math.floor(i / 3)]!;
    });
    const view = { data: columns, rows: 3, features, rowStride: 1, featureStride: 3 };
    const blocks = { ...rows, rowStride: 0, blockRows: 1, blockStride: features };
    const expected = projectionCoordinates(projection, rows);
    expect(projectionCoordinates(projection, view)).toEqual(expected);
    expect(projectionCoordinates(projection, blocks)).toEqual(expected);
  });
});

describe("refusals", () => {
  const plane = randomProjection(3, 2, { seed: 1 });
  test("samples of another width", () => {
    const samples = { data: new Float64Array(4), rows: 2, features: 2, rowStride: 2, featureStride: 1 };
    expect(() => project(plane, samples)).toThrow("projection: needs samples of 3 features, got 2");
  });

  test("more dimensions than features, or none", () => {
    expect(() => randomProjection(3, 4)).toThrow("randomProjection: needs 1 to 3 dimensions, got 4");
    expect(() => randomProjection(3, 0)).toThrow("randomProjection: needs 1 to 3 dimensions, got 0");
  });
});
