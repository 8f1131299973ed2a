import { propertyRuns } from "@delve/conformance";
import { fc, test } from "@fast-check/vitest";
import { expectSound } from "../../test/support/sound-svg.js";
import { layerProfile } from "./layer-profile.js";
import type { LayerProfile } from "./profile-spec.js";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 150 }),
);
const value = fc.oneof(fc.double(), fc.double({ min: 0, max: 1 }), fc.constant(null));

const profile = fc.integer({ min: 1, max: 40 }).chain((count): fc.Arbitrary<LayerProfile> => {
  const one = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: count, maxLength: count });
  return fc.record({
    title: text,
    subtitle: text,
    valueLabel: text,
    valueScale: fc.constantFrom("share", "count", "linear", "log", "auto"),
    layers: one(text),
    series: fc.array(
      fc.record({ name: text, values: one(value), undersampled: one(fc.boolean()), samples: one(fc.nat()) }),
      { minLength: 1, maxLength: 3 },
    ),
    figsize: fc.tuple(
      fc.double({ min: 0.5, max: 20, noNaN: true }),
      fc.double({ min: 0.5, max: 20, noNaN: true }),
    ),
    fontsize: fc.double({ min: 4, max: 30, noNaN: true }),
  });
});

test.prop([profile], { numRuns: propertyRuns(60) })(
  "any profile is drawn whole, with numbers only, in balanced markup",
  (any) => {
    expectSound(layerProfile(any));
  },
);
