import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  ACTIVATIONS,
  coherent,
  DEFAULTS,
  DEPTHS,
  NETWORKS,
  NOISES,
  PROBLEMS,
  queryOf,
  RATES,
  RESOLUTIONS,
  STATISTICS,
  settingsOf,
  THRESHOLDS,
  WIDTHS,
} from "./settings.js";

const settings = fc
  .record({
    problem: fc.constantFrom(...PROBLEMS),
    network: fc.constantFrom(...NETWORKS),
    width: fc.constantFrom(...WIDTHS),
    depth: fc.constantFrom(...DEPTHS),
    activation: fc.constantFrom(...ACTIVATIONS),
    rate: fc.constantFrom(...RATES),
    noise: fc.constantFrom(...NOISES),
    resolution: fc.constantFrom(...RESOLUTIONS),
    seed: fc.integer({ min: 1, max: 9999 }),
    threshold: fc.constantFrom(...THRESHOLDS),
    statistic: fc.constantFrom(...STATISTICS),
    layer: fc.integer({ min: 0, max: 8 }),
    axes: fc.integer({ min: 1, max: 64 }),
  })
  .map(coherent);

test.prop([settings])("an address leads back to the settings that it came from", (one) => {
  expect(settingsOf(queryOf(one))).toEqual(one);
});

test.prop([fc.oneof(fc.string(), fc.webQueryParameters())])(
  "any text gives settings that can be used",
  (text) => {
    const read = settingsOf(text);
    expect(Object.keys(read)).toEqual(Object.keys(DEFAULTS));
    expect(coherent(read)).toEqual(read);
    expect(settingsOf(queryOf(read))).toEqual(read);
  },
);
