import { describe, expect, test } from "vitest";
import { parseNpy } from "./npy.js";

/** A file as NumPy writes it: the header padded to a multiple of 64 bytes, a line end last. */
function npy(description: string, shape: string, elements: ArrayBufferView, fortran = "False"): Uint8Array {
  const dictionary = `{'descr': '${description}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`;
  const header = `${dictionary.padEnd(117)}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0);
  const body = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
  return Uint8Array.of(...start, ...new TextEncoder().encode(header), ...body);
}

describe("parseNpy", () => {
  test.each([
    ["<f8", Float64Array.of(1.5, -0, Number.NaN)],
    ["<f4", Float32Array.of(1.5, 2, 3)],
    ["<i8", BigInt64Array.of(1n, -(2n ** 60n), 3n)],
    ["|b1", Uint8Array.of(1, 0, 1)],
  ])("reads %s", (dtype, data) => {
    expect(parseNpy(npy(dtype, "3,", data))).toEqual({ dtype, shape: [3], data });
  });

  test("reads matrices, scalars and strings", () => {
    expect(parseNpy(npy("<f8", "2, 3", new Float64Array(6))).shape).toEqual([2, 3]);
    expect(parseNpy(npy("<f8", "", Float64Array.of(7)))).toMatchObject({
      shape: [],
      data: Float64Array.of(7),
    });
    const text = Uint32Array.from(["a", "b", "\0", "c", "\0", "\0"], (c) => c.codePointAt(0)!);
    expect(parseNpy(npy("<U3", "2,", text)).data).toEqual(["ab", "c"]);
  });

  test("reads views at any offset, Buffers among them", () => {
    const bytes = npy("<f8", "2,", Float64Array.of(1, 2));
    const inside = Buffer.concat([Buffer.of(1, 2, 3), bytes, Buffer.of(4)]).subarray(3, -1);
    expect(parseNpy(inside).data).toEqual(Float64Array.of(1, 2));
  });

  test("refuses what it does not know", () => {
    const two = Float64Array.of(1, 2);
    expect(() => parseNpy(new Uint8Array(20))).toThrow("must be .npy 1.0");
    expect(() => parseNpy(npy("<f8", "3,", two))).toThrow("needs 3 elements, got 2");
    expect(() => parseNpy(npy(">f8", "2,", two))).toThrow("got >f8");
    expect(() => parseNpy(npy("<f8", "1, 2", two, "True"))).toThrow("in C order");
  });
});
