import { describe, expect, test } from "vitest";
import { loadDelve, pca, rvs } from "./functions.js";

/** On a line through (4, 1, 2), but for a little. */
const X = [
  [0, 1, 2],
  [4, 1, 2.1],
  [8, 1, 2],
  [4, 1, 1.9],
];

describe("pca", () => {
  test("finds the subspace that carries the variance, and projects onto it", async () => {
    const subspace = await pca(X);
    expect([subspace.rank, subspace.features]).toEqual([1, 3]);
    expect(subspace.axes.toArray()).toEqual([[1, 0, 0]]);
    expect(Array.from(subspace.center)).toEqual([4, 1, 2]);
    expect(subspace.project([[5, 7, 7]]).toArray()).toEqual([[5, 1, 2]]);
    expect(
      subspace.coordinates({ data: Float32Array.of(5, 7, 7, 3, 0, 0), shape: [2, 3] }).toArray(),
    ).toEqual([[1], [-1]]);
  });

  test("of a threshold, of a rank, through zero", async () => {
    expect((await pca(X, { threshold: 1 })).rank).toBe(2);
    const plane = await pca(X, { rank: 2 });
    expect(plane.axes.shape).toEqual([2, 3]);
    expect((await pca(X, { rank: 3 })).rank).toBe(3);
    const linear = await pca(
      [
        [3, 4],
        [6, 8],
      ],
      { center: false },
    );
    expect(Array.from(linear.center)).toEqual([0, 0]);
    expect(linear.project([[3, 4]]).data[0]).toBeCloseTo(3, 14);
  });

  test("is the same without the await", async () => {
    const delve = await loadDelve();
    expect(delve.pca(X).axes).toEqual((await pca(X)).axes);
  });

  test("axes and centre that are handed out are copies", async () => {
    const subspace = await pca(X);
    subspace.center.fill(9);
    subspace.axes.data.fill(9);
    expect(subspace.project([[5, 7, 7]]).toArray()).toEqual([[5, 1, 2]]);
  });

  test.each([
    [{ threshold: 0 }, "pcaRank: threshold must be in (0, 1], got 0"],
    [{ rank: 4 }, "principalProjection: rank must be from 1 to 3, got 4"],
    [{ rank: 1.5 }, "principalProjection: rank must be from 1 to 3, got 1.5"],
    [{ rank: 1, threshold: 0.9 }, "pca: threshold and rank exclude each other, got both"],
    [{ centre: true }, 'pca: options must be among threshold, rank, center, got "centre"'],
  ])("%j is refused", async (options, message) => {
    await expect(pca(X, options as never)).rejects.toThrow(message);
  });

  test("samples of another width are refused", async () => {
    const subspace = await pca(X);
    expect(() => subspace.project([[1, 2]])).toThrow("projection: needs samples of 3 features, got 2");
  });
});

test("rvs gives a rotation as a matrix", () => {
  const q = rvs(4, { seed: 2 });
  expect(q.shape).toEqual([4, 4]);
  expect(q.toArray()).toEqual(rvs(4, { seed: 2 }).toArray());
  const [first] = q.toArray();
  expect(first!.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 14);
  expect(() => rvs(0)).toThrow("rvs: dim must be a positive whole number, got 0");
});
