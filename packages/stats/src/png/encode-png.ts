// PNG, second edition (ISO/IEC 15948:2004).
import { concat } from "../storage/storage.js";
import { deflatePixels, runEndsOf } from "./deflate-pixels.js";

/** A picture: red, green, blue, each multiplied by the opacity, and opacity of each pixel in a byte each, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * A picture as PNG bytes, nothing lost: with a palette where 256 colours are enough, else as RGB or RGBA.
 *
 * @example
 * const png = encodePng({ width: 1, height: 1, data: Uint8Array.of(255, 0, 0, 255) });
 * String.fromCharCode(...png.subarray(1, 4)); // "PNG"
 */
export function encodePng({ width, height, data }: Picture): Uint8Array {
  const pixels = wordsOf(data);
  const runEnds = runEndsOf(pixels, width);
  const palette = paletteOf(pixels, runEnds);
  const type = palette !== null ? PALETTE : isOpaque(pixels, runEnds) ? RGB : RGBA;
  const byteOf =
    palette === null
      ? (pixel: number, place: number) => (straight(pixel) >>> (8 * place)) & 0xff
      : (pixel: number) => palette.get(pixel)!;
  return concat([
    SIGNATURE,
    chunk("IHDR", headerBytes(width, height, type.code)),
    ...(palette === null ? [] : paletteChunks([...palette.keys()].map(straight))),
    chunk("IDAT", deflatePixels({ width, pixels, runEnds, bytesPerPixel: type.bytesPerPixel, byteOf })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const RGB = { code: 2, bytesPerPixel: 3 } as const;
const PALETTE = { code: 3, bytesPerPixel: 1 } as const;
const RGBA = { code: 6, bytesPerPixel: 4 } as const;
const MOST_COLOURS = 256;

/** The bytes as words with red lowest, as on every machine that runs JavaScript. */
function wordsOf(data: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Int32Array(buffer, byteOffset, length / 4);
}

/** The place of each colour in order of appearance; `null` if there are more than a palette holds. */
function paletteOf(pixels: Int32Array, runEnds: readonly number[]): ReadonlyMap<number, number> | null {
  const places = new Map<number, number>();
  for (let run = 0; run < runEnds.length; run++) {
    const pixel = pixels[runEnds[run]! - 1]!;
    if (places.has(pixel)) continue;
    if (places.size === MOST_COLOURS) return null;
    places.set(pixel, places.size);
  }
  return places;
}

const opacity = (colour: number): number => colour >>> 24;

/** A colour without the opacity in red, green and blue, as PNG has it. */
function straight(colour: number): number {
  const alpha = opacity(colour);
  if (alpha === 255 || alpha === 0) return colour;
  let result = alpha << 24;
  for (let shift = 0; shift < 24; shift += 8) {
    const part = ((colour >>> shift) & 0xff) / alpha;
    result |= Math.min(255, Math.round(255 * part)) << shift;
  }
  return result;
}

const isOpaque = (pixels: Int32Array, runEnds: readonly number[]): boolean =>
  runEnds.every((end) => opacity(pixels[end - 1]!) === 255);

function paletteChunks(colours: readonly number[]): Uint8Array[] {
  const bytes = colours.flatMap((colour) => [colour & 0xff, (colour >>> 8) & 0xff, (colour >>> 16) & 0xff]);
  const opacities = colours.map(opacity);
  return [
    chunk("PLTE", Uint8Array.from(bytes)),
    ...(opacities.every((byte) => byte === 255) ? [] : [chunk("tRNS", Uint8Array.from(opacities))]),
  ];
}

function headerBytes(width: number, height: number, colourType: number): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits a sample or palette index; the only compression and filtering there is; not interlaced.
  bytes.set([8, colourType, 0, 0, 0], 8);
  return bytes;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}
