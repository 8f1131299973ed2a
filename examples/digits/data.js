// The handwritten digits as tensors; ../data/README.md says where they come from.
const PIXELS = 64;
const CLASSES = 10;

/**
 * 1200 digits for training, the other 597 held out: `images` n × 8 × 8 × 1 in 0 … 1, `labels` n × 10.
 *
 * @param csv - A digit a line: 64 pixels from 0 to 16, and the class.
 */
export function digitsOf(tf, csv) {
  const rows = csv
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  // Mixed, the same way each time: neighbours in the file tend to come from one hand. 1000 and 1797 have no common
  // divisor, so that every row comes once.
  const mixed = rows.map((_, i) => rows[(1000 * i) % rows.length]);
  return { train: toTensors(tf, mixed.slice(0, 1200)), heldOut: toTensors(tf, mixed.slice(1200)) };
}

function toTensors(tf, rows) {
  const pixels = rows.flatMap((row) => row.slice(0, PIXELS).map((ink) => ink / 16));
  const classes = rows.map((row) => row[PIXELS]);
  return {
    images: tf.tensor4d(pixels, [rows.length, 8, 8, 1]),
    labels: tf.tidy(() => tf.oneHot(tf.tensor1d(classes, "int32"), CLASSES).toFloat()),
  };
}
