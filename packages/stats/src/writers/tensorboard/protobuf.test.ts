import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { concat } from "../../storage/storage.js";
import { double, doubles, fieldsOf, float, int64, message, string } from "./protobuf.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// By hand from the description of the wire format.
test("bytes of each kind of field", () => {
  expect(hex(int64(1, 150))).toBe("089601");
  expect(hex(int64(2, 0))).toBe("1000");
  expect(hex(string(2, "testing"))).toBe("120774657374696e67");
  expect(hex(message(3, int64(1, 150)))).toBe("1a03089601");
  expect(hex(double(1, 1))).toBe("09000000000000f03f");
  expect(hex(float(2, -2))).toBe("15000000c0");
  expect(hex(doubles(6, [1, 2]))).toBe("3210000000000000f03f0000000000000040");
  expect(hex(int64(16, 1))).toBe("800101");
});

test("whole numbers up to 2^53 come back, whatever stands beside them", () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.integer({ min: 1, max: 1000 }),
      fc.string({ unit: "binary" }),
      (value, field, text) => {
        const bytes = concat([double(7, 0.5), string(9, text), int64(field, value), float(3, 1)]);
        const fields = [...fieldsOf(bytes)];
        expect(fields.map(({ field }) => field)).toEqual([7, 9, field, 3]);
        expect(fields[2]!.value).toBe(value);
        expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(fields[1]!.value as Uint8Array)).toBe(
          text,
        );
      },
    ),
  );
});

test.each(["08", "0a05aa", "0901", "0b", "08ffffffffffffffffffffff01"])("%s is no message", (text) => {
  expect(() => [...fieldsOf(Buffer.from(text, "hex"))]).toThrow("no message");
});
