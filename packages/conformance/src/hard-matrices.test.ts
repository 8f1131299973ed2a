import { expect, test } from "vitest";
import { hardMatrices } from "./hard-matrices.js";
import { largest } from "./matrices.js";

const all = hardMatrices();
const named = (name: string) => all.find((hard) => hard.name === name)!.matrix;

test("every matrix is finite, of the length that its order needs, with a name of its own", () => {
  for (const { name, matrix, eigenvalues } of all) {
    expect(matrix.upper, name).toHaveLength((matrix.order * (matrix.order + 1)) / 2);
    expect(matrix.upper.every(Number.isFinite), name).toBe(true);
    if (eigenvalues) expect(eigenvalues, name).toHaveLength(matrix.order);
  }
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test("they are made anew at each call", () => {
  hardMatrices()[1]!.matrix.upper.fill(7);
  expect(hardMatrices()[1]!.matrix.upper).toEqual(all[1]!.matrix.upper);
});

test("the extreme ones are extreme", () => {
  const smallestNormal = 2 ** -1022;
  expect(largest(named("subnormal").upper)).toBeLessThan(smallestNormal);
  expect(largest(named("subnormal").upper)).toBeGreaterThan(0);
  expect(largest(named("near overflow").upper)).toBeGreaterThan(1e307);
  expect(largest(named("smallest subnormals").upper)).toBe(Number.MIN_VALUE);
});
