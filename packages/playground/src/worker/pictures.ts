import { countOf, type Dataset } from "../problems/dataset.js";
import { type Picture, PLANE_REACH, type ShownSamples } from "./protocol.js";
import { likeliest } from "./score.js";
import * as tf from "./tf.js";

const PLANE_SIDE = 56;
const DIGITS_SHOWN = 24;
/** More points would hide the surface below them. */
const POINTS_SHOWN = 320;

/** The held-out samples that are drawn. */
export function shownSamples({ shape, heldOut }: Dataset): ShownSamples {
  const count = Math.min(countOf(heldOut), shape.length === 1 ? POINTS_SHOWN : DIGITS_SHOWN);
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    shape,
    inputs: heldOut.inputs.slice(0, count * size),
    classes: heldOut.classes.slice(0, count),
  };
}

/** The inputs that a picture is made from: places of the plane, or the digits that are shown. */
export function pictureInputs(dataset: Dataset): tf.Tensor {
  if (dataset.shape.length === 1) return tf.tensor2d(gridOfPlane(), [PLANE_SIDE ** 2, 2]);
  const { shape, inputs, classes } = shownSamples(dataset);
  return tf.tensor(inputs, [classes.length, ...shape]);
}

/** What a classifier says of {@link pictureInputs}. */
export function pictureOf(probabilities: tf.Tensor): Picture {
  const classes = probabilities.shape.at(-1)!;
  const values = probabilities.dataSync() as Float32Array;
  if (classes > 2) return { kind: "digits", readings: likeliest(values, classes) };
  const ofClassOne = Float32Array.from({ length: PLANE_SIDE ** 2 }, (_, i) => values[2 * i + 1]!);
  return { kind: "plane", side: PLANE_SIDE, values: ofClassOne };
}

/** Row by row from the top, y upwards. */
function gridOfPlane(): Float32Array {
  const place = (i: number) => PLANE_REACH * ((2 * (i + 0.5)) / PLANE_SIDE - 1);
  const grid = new Float32Array(2 * PLANE_SIDE ** 2);
  for (let i = 0; i < PLANE_SIDE ** 2; i++) {
    grid[2 * i] = place(i % PLANE_SIDE);
    grid[2 * i + 1] = -place(Math.floor(i / PLANE_SIDE));
  }
  return grid;
}
