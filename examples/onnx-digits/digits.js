import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const SIZE = 8;
const MOST_INK = 16;
/** MNIST's form: 28 × 28 pixels, the digit in a box of 20, its centre of mass in the middle. */
const MNIST = { size: 28, box: 20, mostInk: 255 };

/** The last 597 digits of ../data: `pixels` 8 × 8 in 0 … 1, and the class as `digit`. */
export function loadDigits() {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  return lines.slice(1200).map((line) => {
    const row = line.split(",").map(Number);
    return { pixels: row.slice(0, SIZE * SIZE).map((ink) => ink / MOST_INK), digit: row[SIZE * SIZE] };
  });
}

/** A digit as MNIST has it: enlarged, smoothly, and centred. 28 × 28 in 0 … 255. */
export function asMnist(pixels) {
  const { size, box, mostInk } = MNIST;
  const [centreX, centreY] = centreOfMass(pixels);
  const scale = SIZE / box;
  const image = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const ink = inkAt(
        pixels,
        centreX + (x + 0.5 - size / 2) * scale,
        centreY + (y + 0.5 - size / 2) * scale,
      );
      image[y * size + x] = mostInk * ink;
    }
  }
  return image;
}

/** In pixels from the upper left corner. */
function centreOfMass(pixels) {
  let [ink, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    ink += value;
    x += value * ((i % SIZE) + 0.5);
    y += value * (Math.floor(i / SIZE) + 0.5);
  });
  return [x / ink, y / ink];
}

/** Between the centres of four pixels, bilinear; paper around the digit. */
function inkAt(pixels, x, y) {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [right, down] = [x - 0.5 - left, y - 0.5 - top];
  const at = (i, j) => (i >= 0 && i < SIZE && j >= 0 && j < SIZE ? pixels[j * SIZE + i] : 0);
  const upper = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return upper * (1 - down) + lower * down;
}
