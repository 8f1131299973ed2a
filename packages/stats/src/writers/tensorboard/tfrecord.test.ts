import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { concat } from "../../storage/storage.js";
import { decodeRecords, encodeRecord } from "./tfrecord.js";

const records = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });

test("records come back, whole ones from a file that was cut anywhere", () => {
  fc.assert(
    fc.property(records, fc.nat(), (all, cut) => {
      const framed = all.map(encodeRecord);
      const file = concat(framed);
      expect([...decodeRecords(file)].map(({ data }) => data)).toEqual(all);
      const length = cut % file.length;
      const kept = [...decodeRecords(file.subarray(0, length))];
      const whole = concat([new Uint8Array(0), ...kept.map((record) => record.whole)]);
      expect(whole).toEqual(file.subarray(0, whole.length));
      expect(length - whole.length).toBeLessThan(framed[kept.length]!.length);
    }),
  );
});

test("a bit that was flipped in a record that is whole is an error", () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.integer({ min: 0, max: 7 }), (all, place, bit) => {
      const file = concat(all.map(encodeRecord));
      file[place % file.length]! ^= 1 << bit;
      expect(() => [...decodeRecords(file)]).toThrow(/wrong checksum/);
    }),
  );
});

test("zeros that a power cut leaves at the end are no record", () => {
  const record = encodeRecord(Uint8Array.of(1, 2, 3));
  expect([...decodeRecords(concat([record, new Uint8Array(100)]))]).toHaveLength(1);
});
