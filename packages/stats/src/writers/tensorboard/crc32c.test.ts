import { expect, test } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c.js";

// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
test.each([
  [new TextEncoder().encode("123456789"), 0xe3069283],
  [new Uint8Array(32), 0x8a9136aa],
  [new Uint8Array(32).fill(0xff), 0x62a8ab43],
  [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  [new Uint8Array(0), 0],
])("known values", (bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

test("the mask is undone by turning back", () => {
  const bytes = new TextEncoder().encode("123456789");
  const turned = (maskedCrc32c(bytes) - 0xa282ead8) >>> 0;
  expect(((turned >>> 17) | (turned << 15)) >>> 0).toBe(0xe3069283);
});
