import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { decodePng } from "../../test/support/pixels.js";
import { encodePng } from "./encode-png.js";

/** Pictures like drawings: few colours, runs, rows like the one above; and noise. */
const picture = fc
  .record({
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 40 }),
    colours: fc.uniqueArray(fc.tuple(byte(), byte(), byte()), { minLength: 1, maxLength: 400 }),
    seeds: fc.array(fc.nat({ max: 1 << 16 }), { minLength: 1, maxLength: 300 }),
    calm: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ width, height, colours, seeds, calm }) => {
    const data = new Uint8Array(4 * width * height);
    let colour = colours[0]!;
    for (let i = 0; i < width * height; i++) {
      const seed = seeds[i % seeds.length]! + i;
      if (seed % calm === 0) colour = colours[seed % colours.length]!;
      const above = 4 * (i - width);
      if (i >= width && seed % 7 === 0) data.copyWithin(4 * i, above, above + 4);
      else data.set([...colour, 255], 4 * i);
    }
    return { width, height, data };
  });

function byte() {
  return fc.integer({ min: 0, max: 255 });
}

test.prop([picture])("what is encoded is what another library decodes", (given) => {
  const decoded = decodePng(encodePng(given));
  expect([decoded.width, decoded.height]).toEqual([given.width, given.height]);
  expect(Buffer.compare(decoded.data, given.data)).toBe(0);
});

test.prop([fc.uint8Array({ minLength: 4, maxLength: 4000 })])(
  "of a transparent picture no opacity is lost",
  (bytes) => {
    const data = bytes.slice(0, bytes.length & ~3);
    // Colours are multiplied by their opacity: none is above it.
    for (let i = 0; i < data.length; i++) data[i] = Math.min(data[i]!, data[i | 3]!);
    const decoded = decodePng(encodePng({ width: data.length / 4, height: 1, data }));
    for (let i = 0; i < data.length; i += 4) {
      const alpha = data[i + 3]!;
      expect(decoded.data[i + 3]).toBe(alpha);
      for (let c = 0; c < 3 && alpha > 0; c++) {
        expect(Math.abs((decoded.data[i + c]! * alpha) / 255 - data[i + c]!)).toBeLessThanOrEqual(0.5);
      }
    }
  },
);
