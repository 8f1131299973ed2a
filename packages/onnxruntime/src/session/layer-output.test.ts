import { expect, test } from "vitest";
import { layerOutputOf } from "./layer-output.js";

const values = (...dims: number[]) => ({
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i),
  dims,
});
const shapeAndKind = (layout: Parameters<typeof layerOutputOf>[0], ...dims: number[]) => {
  const { shape, kind } = layerOutputOf(layout, values(...dims));
  return [shape, kind];
};

test("dense layers, with any number of steps", () => {
  const dense = { kind: "dense" } as const;
  expect(shapeAndKind(dense, 4)).toEqual([[1, 4], "dense"]);
  expect(shapeAndKind(dense, 2, 4)).toEqual([[2, 4], "dense"]);
  expect(shapeAndKind(dense, 2, 3, 4)).toEqual([[2, 3, 4], "sequence"]);
  expect(shapeAndKind(dense, 2, 3, 5, 4)).toEqual([[2, 15, 4], "sequence"]);
});

test("convolutions keep their axes, values without a known layout go by their number", () => {
  const conv = { kind: "conv", layout: "channelsFirst" } as const;
  expect(layerOutputOf(conv, values(2, 3, 4))).toMatchObject({ shape: [2, 3, 4], layout: "channelsFirst" });
  expect(shapeAndKind({ kind: "any" }, 2, 3, 4, 5)).toEqual([[2, 3, 4, 5], "conv"]);
  expect(shapeAndKind({ kind: "any" }, 2, 3, 4)).toEqual([[2, 3, 4], "sequence"]);
});

test("recurrent layers: samples first, the directions of a step side by side", () => {
  const layout = { kind: "recurrent", batchFirst: false, directions: 2 } as const;
  // Value 1000·t + 100·k + 10·s + h of step t, direction k, sample s, unit h.
  const [steps, directions, samples, units] = [3, 2, 2, 2] as const;
  const value = (t: number, k: number, s: number, h: number) => 1000 * t + 100 * k + 10 * s + h;
  const data = new Float32Array(steps * directions * samples * units);
  let at = 0;
  for (let t = 0; t < steps; t++)
    for (let k = 0; k < directions; k++)
      for (let s = 0; s < samples; s++) for (let h = 0; h < units; h++) data[at++] = value(t, k, s, h);
  const output = layerOutputOf(layout, { data, dims: [steps, directions, samples, units] });
  expect(output.shape).toEqual([2, 3, 4]);
  const step = (s: number, t: number) => [
    value(t, 0, s, 0),
    value(t, 0, s, 1),
    value(t, 1, s, 0),
    value(t, 1, s, 1),
  ];
  expect([...(output.data as Float32Array)]).toEqual(
    [0, 1].flatMap((s) => [0, 1, 2].flatMap((t) => step(s, t))),
  );
});

test("recurrent layers that are in that order are not copied", () => {
  const one = values(3, 2, 1, 4);
  const layout = { kind: "recurrent", batchFirst: false, directions: 2 } as const;
  expect(layerOutputOf(layout, one)).toMatchObject({ data: one.data, shape: [1, 3, 8] });
  const first = values(2, 3, 2, 4);
  expect(layerOutputOf({ ...layout, batchFirst: true }, first)).toMatchObject({
    data: first.data,
    shape: [2, 3, 8],
  });
});
