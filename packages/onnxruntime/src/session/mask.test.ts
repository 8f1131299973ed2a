import { expect, test } from "vitest";
import { maskOf, withoutPadding } from "./mask.js";

const feed = { type: "int64", dims: [2, 3], data: BigInt64Array.of(1n, 1n, 0n, 1n, 1n, 1n) };
const mask = maskOf(feed)!;
// Two samples of three steps and two features.
const sequence = {
  data: Float32Array.from({ length: 12 }, (_, i) => i),
  shape: [2, 3, 2],
  kind: "sequence",
} as const;

test("a mask is read from whole numbers and bools of two axes", () => {
  expect(mask.keep).toEqual([true, true, false, true, true, true]);
  expect(maskOf({ type: "bool", dims: [1, 2], data: Uint8Array.of(0, 1) })!.keep).toEqual([false, true]);
  expect(maskOf({ ...feed, dims: [6] })).toBeNull();
  expect(maskOf(undefined)).toBeNull();
});

test("real steps are rows", () => {
  const { data, shape, kind } = withoutPadding(sequence, mask, "tokenwise")!;
  expect([shape, kind]).toEqual([[5, 2], "dense"]);
  expect([...(data as Float32Array)]).toEqual([0, 1, 2, 3, 6, 7, 8, 9, 10, 11]);
});

test("the last real step of each sample", () => {
  const { data, shape } = withoutPadding(sequence, mask, "last_timestep")!;
  expect(shape).toEqual([2, 2]);
  expect([...(data as Float32Array)]).toEqual([2, 3, 10, 11]);
});

test("steps that are rows already, and outputs without steps", () => {
  const rows = { ...sequence, shape: [6, 2], kind: "dense" } as const;
  expect(withoutPadding(rows, mask, "tokenwise")!.shape).toEqual([5, 2]);
  const pooled = { data: new Float32Array(4), shape: [2, 2], kind: "dense" } as const;
  expect(withoutPadding(pooled, mask, "tokenwise")).toBe(pooled);
});

test("nothing but padding", () => {
  const none = { ...mask, keep: mask.keep.map(() => false) };
  expect(withoutPadding(sequence, none, "tokenwise")).toBeNull();
});
