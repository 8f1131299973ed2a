import { expect, test } from "vitest";
import { seededRandom } from "./random.js";

test("the same seed gives the same numbers, another seed others", () => {
  const numbers = (seed: number) => Array.from({ length: 5 }, seededRandom(seed).uniform);
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
});

test("uniform numbers fill [0, 1)", () => {
  const { uniform } = seededRandom(3);
  const values = Array.from({ length: 1e5 }, uniform);
  expect(Math.min(...values.slice(0, 1e4))).toBeGreaterThanOrEqual(0);
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  const counts = new Array(10).fill(0);
  for (const value of values) counts[Math.floor(value * 10)]++;
  for (const count of counts) expect(Math.abs(count - 1e4)).toBeLessThan(400);
});

test("normal numbers have mean 0, variance 1, and the tails of a normal distribution", () => {
  const { normal } = seededRandom(4);
  const values = Array.from({ length: 1e5 }, normal);
  const mean = values.reduce((a, b) => a + b) / 1e5;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 1e5;
  expect(Math.abs(mean)).toBeLessThan(0.012);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  expect(Math.abs(values.filter((x) => Math.abs(x) > 2).length / 1e5 - 0.0455)).toBeLessThan(0.003);
});

test("integers and shuffles stay in their range", () => {
  const random = seededRandom(5);
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(7)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = random.shuffle(items);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.sort()).toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
