import { propertyRuns } from "@delve/conformance";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { FieldReader } from "./field-reader.js";
import { MessageWriter } from "./message-writer.js";

const numRuns = propertyRuns(100);

const field = fc.integer({ min: 1, max: 2 ** 29 - 1 });

test.prop([fc.array(fc.tuple(field, fc.maxSafeInteger()))], { numRuns })("integers come back", (fields) => {
  const writer = new MessageWriter();
  for (const [number, value] of fields) writer.integer(number, value);
  const reader = new FieldReader(writer.finish());
  const read: [number, number][] = [];
  while (reader.next()) read.push([reader.field, reader.integer()]);
  expect(read).toEqual(fields.map(([number, value]) => [number, value + 0]));
});

test.prop([fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })], { numRuns })(
  "integers of 64 bits come back rounded",
  (value) => {
    const reader = new FieldReader(new MessageWriter().integer(1, value).finish());
    reader.next();
    expect(reader.integer()).toBe(Number(value));
  },
);

test.prop([fc.array(fc.maxSafeInteger())], { numRuns })("packed integers come back", (values) => {
  const packed = new MessageWriter();
  for (const value of values) packed.integer(1, value);
  // A field with the tag 8 in one byte, without it.
  const single = values.map((value) => new MessageWriter().integer(1, value).finish().subarray(1));
  const message = new MessageWriter()
    .bytes(7, Uint8Array.from(single.flatMap((bytes) => [...bytes])))
    .finish();
  const reader = new FieldReader(message);
  reader.next();
  const read: number[] = [];
  reader.integers((value) => read.push(value));
  expect(read).toEqual(values.map((value) => value + 0));
});

test.prop([fc.array(fc.float({ noNaN: true }))], { numRuns })("floats come back", (values) => {
  const writer = new MessageWriter();
  for (const value of values) writer.float(2, value);
  const reader = new FieldReader(writer.finish());
  const read: number[] = [];
  while (reader.next()) reader.floats((value) => read.push(value));
  expect(read).toEqual(values);
});

test.prop([fc.string({ unit: "grapheme", maxLength: 200 }), fc.uint8Array()], { numRuns })(
  "texts and bytes come back from nested messages",
  (text, bytes) => {
    const inner = new MessageWriter().text(1, text).bytes(2, bytes);
    const reader = new FieldReader(new MessageWriter().message(3, inner).finish());
    expect(reader.next()).toBe(true);
    const message = reader.message();
    message.next();
    expect(message.text()).toBe(text);
    message.next();
    const { start, stop } = message.range();
    expect(reader.bytes.subarray(start, stop)).toEqual(bytes);
    expect(message.next()).toBe(false);
  },
);

test.prop([fc.uint8Array({ maxLength: 60 })], { numRuns })(
  "any bytes are walked through or refused, and never run past",
  (bytes) => {
    const reader = new FieldReader(bytes);
    let at = 0;
    try {
      while (reader.next()) {
        expect(reader.start).toBeGreaterThan(at);
        expect(reader.stop).toBeGreaterThanOrEqual(reader.start);
        at = reader.stop;
      }
      expect(at).toBe(bytes.length);
    } catch (error) {
      expect(error).toMatchObject({ name: "ModelFormatError" });
    }
  },
);
