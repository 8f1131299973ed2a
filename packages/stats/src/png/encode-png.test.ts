import { expect, test } from "vitest";
import { decodePng } from "../../test/support/pixels.js";
import { encodePng } from "./encode-png.js";

const PALETTE = 3;
const RGB = 2;
const RGBA = 6;
const colourType = (png: Uint8Array) => png[25];

function filled(width: number, height: number, colour: (i: number) => readonly number[]) {
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) data.set(colour(i), 4 * i);
  return { width, height, data };
}

test.each([
  ["a palette for 256 colours", PALETTE, filled(16, 17, (i) => [i % 256, 0, 0, 255])],
  ["RGB for 257", RGB, filled(257, 2, (i) => [(i % 257) & 0xff, (i % 257) >> 8, 0, 255])],
  [
    "RGBA for 257 with a transparent one",
    RGBA,
    filled(257, 2, (i) => (i === 0 ? [0, 0, 0, 0] : [i & 0xff, i >> 8, 0, 255])),
  ],
])("chooses %s", (_, type, given) => {
  const png = encodePng(given);
  expect(colourType(png)).toBe(type);
  expect(Buffer.compare(decodePng(png).data, given.data)).toBe(0);
});

test("rows too long for deflate's window are encoded, too", () => {
  const given = filled(33_000, 2, (i) => [(i * i) % 251, 7, 7, 255]);
  expect(Buffer.compare(decodePng(encodePng(given)).data, given.data)).toBe(0);
});

test("an empty sheet is next to nothing", () => {
  expect(encodePng(filled(1536, 960, () => [255, 255, 255, 255])).length).toBeLessThan(6000);
});

test("noise is not much longer than it is", () => {
  let state = 1;
  const next = () => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >> 16) & 0xff;
  const given = filled(300, 200, () => [next(), next(), next(), 255]);
  expect(encodePng(given).length).toBeLessThan(1.02 * 3 * 300 * 200);
});

test("bytes that begin anywhere in their buffer will do", () => {
  const data = new Uint8Array(11).subarray(3).fill(255);
  expect([...decodePng(encodePng({ width: 2, height: 1, data })).data]).toEqual(new Array(8).fill(255));
});
