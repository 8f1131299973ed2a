import { seededRandom } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { StateFormatError, type StateFormatReason } from "../errors.js";
import { emptyState, type MomentsState } from "../moments-state.js";
import { packedLength } from "../symmetric-matrix.js";
import { crc32 } from "./crc32.js";
import { decodeState } from "./decode-state.js";
import { encodeState } from "./encode-state.js";
import { AT, CHECKSUM_LENGTH, encodedLength, HEADER_LENGTH } from "./layout.js";

/** Two features; among the values every kind that is easily lost: −0, subnormals, the extremes. */
const small: MomentsState = {
  features: 2,
  count: 3,
  shift: Float64Array.of(-0, Number.MIN_VALUE),
  offset: Float64Array.of(0.1, -Number.MAX_VALUE),
  scatter: Float64Array.of(2 / 3, -5e-324, 0),
};

function large(features: number): MomentsState {
  const random = seededRandom(features);
  const values = (length: number) => Float64Array.from({ length }, () => Math.abs(random.normal()));
  return {
    features,
    count: 2 ** 53 - 1,
    shift: values(features),
    offset: values(features),
    scatter: values(packedLength(features)),
  };
}

function reasonOf(bytes: Uint8Array): StateFormatReason {
  try {
    decodeState(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(StateFormatError);
    expect((error as Error).message).toMatch(/^decodeState: .*, got /);
    return (error as StateFormatError).reason;
  }
  throw new Error("decodeState took these bytes");
}

/** The bytes after `change`, with a checksum that fits again. */
function forged(state: MomentsState, change: (view: DataView) => void): Uint8Array {
  const bytes = encodeState(state);
  const view = new DataView(bytes.buffer);
  change(view);
  const end = bytes.length - CHECKSUM_LENGTH;
  view.setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

describe("round trip", () => {
  test.each([
    ["a small state", small],
    ["the empty state", emptyState(3)],
    ["one feature", large(1)],
    ["65 features", large(65)],
  ])("of %s is exact to the bit", (_, state) => {
    const decoded = decodeState(encodeState(state));
    expect(decoded).toStrictEqual(state);
    for (const part of ["shift", "offset", "scatter"] as const) {
      expect(new BigUint64Array(decoded[part].buffer)).toEqual(new BigUint64Array(state[part].buffer));
    }
  });

  test("reads views at any offset, Buffers among them", () => {
    const bytes = encodeState(small);
    for (let offset = 0; offset < 9; offset++) {
      const inside = new Uint8Array(bytes.length + 20).fill(0xff);
      inside.set(bytes, offset);
      expect(decodeState(inside.subarray(offset, offset + bytes.length))).toEqual(small);
    }
    expect(decodeState(Buffer.from(bytes))).toEqual(small);
  });

  test("shares no memory with the bytes", () => {
    const bytes = encodeState(small);
    const decoded = decodeState(bytes);
    bytes.fill(0xff);
    expect(decoded).toEqual(small);
  });

  test("leaves the state as it was", () => {
    const kept = structuredClone(small);
    encodeState(small).fill(0);
    expect(small).toEqual(kept);
  });
});

test("the layout is the one that was published", () => {
  const state = {
    features: 1,
    count: 258,
    shift: Float64Array.of(1),
    offset: Float64Array.of(-2),
    scatter: Float64Array.of(0.5),
  };
  const rows = [
    "89444c560d0a1a0a",
    "0100000028000000",
    "4800000000000000",
    "0100000000000000",
    "0201000000000000",
    "000000000000f03f",
    "00000000000000c0",
    "000000000000e03f",
  ];
  const bytes = encodeState(state);
  expect(Buffer.from(bytes).toString("hex").slice(0, -16)).toBe(rows.join(""));
  expect(bytes.length).toBe(encodedLength(1));
  expect(encodedLength(1)).toBe(72);
});

describe("refusal", () => {
  test("of every truncation", () => {
    const bytes = encodeState(small);
    for (let length = 0; length < bytes.length; length++) {
      expect(reasonOf(bytes.subarray(0, length)), `${length} bytes`).toBe("truncated");
    }
  });

  test("of every single bit that is flipped", () => {
    const bytes = encodeState(small);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(reasonOf(bytes), `bit ${bit}`).toBe(expectedReason(bit >> 3));
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(decodeState(bytes)).toEqual(small);
  });

  test("of truncations and flipped bits of a larger state", () => {
    const bytes = encodeState(large(40));
    const random = seededRandom(1);
    for (let k = 0; k < 500; k++) {
      reasonOf(bytes.subarray(0, random.integer(bytes.length)));
      const bit = random.integer(8 * bytes.length);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      reasonOf(bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(decodeState(bytes)).toEqual(large(40));
  });

  test("of bytes left over", () => {
    expect(reasonOf(Uint8Array.of(...encodeState(small), 0))).toBe("length");
    expect(reasonOf(Uint8Array.of(...encodeState(small), ...encodeState(small)))).toBe("length");
  });

  test("of something else", () => {
    expect(reasonOf(new TextEncoder().encode("layer;saturation\n"))).toBe("magic");
    expect(reasonOf(new Uint8Array(1000))).toBe("magic");
  });

  test("of lengths that contradict each other although the checksum fits", () => {
    const lengthen = (at: number, value: bigint) => (view: DataView) => view.setBigUint64(at, value, true);
    expect(reasonOf(forged(small, lengthen(AT.features, 3n)))).toBe("length");
    expect(reasonOf(forged(small, lengthen(AT.features, 2n ** 63n)))).toBe("length");
    expect(reasonOf(forged(small, lengthen(AT.byteLength, 2n ** 63n)))).toBe("length");
    expect(reasonOf(forged(small, (view) => view.setUint32(AT.headerLength, 48, true)))).toBe("length");
  });

  test("of a version that is not known yet", () => {
    expect(reasonOf(forged(small, (view) => view.setUint32(AT.version, 2, true)))).toBe("version");
  });

  test("of content that no accumulator can have produced although the checksum fits", () => {
    const put = (index: number, value: number) => (view: DataView) =>
      view.setFloat64(HEADER_LENGTH + 8 * index, value, true);
    const scatter = 2 * small.features;
    expect(reasonOf(forged(small, put(0, Number.NaN)))).toBe("content");
    expect(reasonOf(forged(small, put(3, Number.POSITIVE_INFINITY)))).toBe("content");
    expect(reasonOf(forged(small, put(scatter + 1, Number.NEGATIVE_INFINITY)))).toBe("content");
    expect(reasonOf(forged(small, put(scatter, -1)))).toBe("content");
    expect(reasonOf(forged(small, put(scatter + 2, -5e-324)))).toBe("content");
    expect(reasonOf(forged(small, (view) => view.setBigUint64(AT.count, 2n ** 53n, true)))).toBe("content");
    expect(reasonOf(forged(small, (view) => view.setBigUint64(AT.count, 0n, true)))).toBe("content");
  });
});

describe("encodeState refuses what decodeState would refuse", () => {
  test.each<[string, Partial<MomentsState>]>([
    ["NaN", { shift: Float64Array.of(Number.NaN, 0) }],
    ["a negative variance", { scatter: Float64Array.of(-1, 0, 0) }],
    ["a fractional count", { count: 0.5 }],
    ["values without samples", { count: 0 }],
    ["a part of the wrong length", { offset: new Float64Array(3) }],
    ["no features", { features: 0 }],
  ])("%s", (_, change) => {
    const encode = () => encodeState({ ...small, ...change });
    expect(encode).toThrow(StateFormatError);
    expect(encode).toThrow(/^encodeState: .*got /);
  });
});

/** What a flipped bit in this byte of an encoded state is refused for. */
function expectedReason(byte: number): StateFormatReason {
  if (byte < AT.version) return "magic";
  if (byte < AT.headerLength) return "version";
  return byte < AT.count ? "length" : "checksum";
}
