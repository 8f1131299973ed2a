import { describe, expect, test } from "vitest";
import { DataType } from "../src/model/types.js";
import { ATTENTION_FAMILIES } from "./corpus/attention-families.js";
import { type Family, modelOf, wave } from "./corpus/family.js";
import { FLOAT_FAMILIES } from "./corpus/float-families.js";
import { QUANTIZED_FAMILIES } from "./corpus/quantized-families.js";
import { makeModel } from "./make-model.js";
import { feedOf, runModel, tapModel, type Value } from "./run-model.js";

// Every operator in every operator set it is part of, in every type that it is computed in: the layer is found under
// its name, its values are those that the rest of the model gets, and the model's own output is what it was.

const LAST_OPSET = 23;

/** Largest change of the output, as a share of its largest value, by type: a few units in the last place. */
const NOISE: Readonly<Record<number, number>> = {
  [DataType.float]: 4 * 2 ** -23,
  [DataType.double]: 4 * 2 ** -23,
  [DataType.float16]: 2 * 2 ** -10,
};

describe("float layers", () => {
  test.each(FLOAT_FAMILIES)("$op", (family) => checkFamily(family));
});
describe("attention", () => {
  test.each(ATTENTION_FAMILIES)("$op", (family) => checkFamily(family));
});
describe("quantised layers: the output stays the same bit for bit", () => {
  test.each(QUANTIZED_FAMILIES)("$op", (family) => checkFamily(family, 0));
});

async function checkFamily(family: Family, noise?: number): Promise<void> {
  for (const type of family.types) {
    for (let opset = family.since; opset <= LAST_OPSET; opset++) {
      await check(family, type, opset, noise ?? NOISE[type]!);
    }
  }
}

async function check(family: Family, type: number, opset: number, noise: number): Promise<void> {
  const where = `${family.op}, opset ${opset}, type ${type}`;
  const made = family.make(type, opset);
  const bytes = makeModel(modelOf(made, type, opset));
  const feeds = { [type === DataType.float ? "in" : "x"]: feedOf(DataType.float, made.dims, wave) };
  const { candidates, taps, bytes: extended } = tapModel(bytes);
  const found = candidates.map(({ layer, taken, features }) => ({ layer, taken, features }));
  expect(found, where).toEqual([{ layer: made.layer, taken: true, features: made.features }]);

  const bare = (await runModel(bytes, feeds))["y"]!;
  const outputs = await runModel(extended, feeds);
  expect(distance(outputs["y"]!, bare), where).toBeLessThanOrEqual(noise * largest(bare));
  const seen = outputs[taps[0]!.tensor]!;
  expect(seen.type, where).toBe(taps[0]!.elemType === DataType.float ? "float32" : "float64");
  expect(largest(seen), where).toBeGreaterThan(0);
  if (made.comparable === false) return;
  const positive = { ...seen, data: seen.data.map((value) => Math.max(0, value)) };
  expect(distance(positive, outputs["y"]!), where).toBeLessThanOrEqual(noise * largest(bare));
}

const largest = ({ data }: Value): number => Array.from(data).reduce((a, b) => Math.max(a, Math.abs(b)), 0);

function distance(a: Value, b: Value): number {
  expect(a.dims).toEqual(b.dims);
  return Array.from(a.data).reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}
