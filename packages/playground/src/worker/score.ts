import type { Score } from "./protocol.js";
import type * as tf from "./tf.js";

/** Keeps the logarithm of a probability that was rounded to 0 finite. */
const LEAST_PROBABILITY = 1e-7;

/** Mean cross-entropy, and share of samples whose likeliest class is theirs. */
export function scoreOf(probabilities: tf.Tensor, classes: Uint8Array): Score {
  const columns = probabilities.shape.at(-1)!;
  const values = probabilities.dataSync() as Float32Array;
  const found = likeliest(values, columns);
  let [loss, right] = [0, 0];
  classes.forEach((label, row) => {
    loss -= Math.log(Math.max(values[row * columns + label]!, LEAST_PROBABILITY));
    right += Number(found[row] === label);
  });
  return { loss: loss / classes.length, accuracy: right / classes.length };
}

/** The class with the largest probability, of every row. */
export function likeliest(probabilities: Float32Array, columns: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / columns }, (_, row) => {
    const one = probabilities.subarray(row * columns, (row + 1) * columns);
    return one.indexOf(Math.max(...one));
  });
}
