import type { CaseGroup, ConformanceCase } from "../conformance-case.js";
import { ORDERS_AROUND_BLOCKS } from "../hard-matrices.js";
import { LAYOUTS } from "../layouts.js";
import { seededRandom } from "../random.js";
import { denseSamples } from "../samples.js";
import { expectMomentsOf, withMoments } from "./expectations.js";

/** Every layout of samples is read in place, for every number of rows and features around a block size. */
export function views(): CaseGroup {
  return { title: "samples", cases: [...layouts(), ...featureCounts(), ...rowCounts()] };
}

function layouts(): ConformanceCase[] {
  return LAYOUTS.flatMap((layout) =>
    [false, true].map((single) => ({
      name: `${single ? "float32" : "float64"}, ${layout.name}`,
      async run({ backend }) {
        const random = seededRandom(5);
        for (const [rows, features] of [
          [1, 1],
          [2, 3],
          [23, 1],
          [23, 5],
          [37, 9],
          [300, 4],
        ] as const) {
          const samples = denseSamples(rows, features, (_, f) => f + random.normal(), single);
          await withMoments(backend, features, [layout.of(samples, single)], (moments) =>
            expectMomentsOf(samples, moments, backend.epsilon),
          );
        }
      },
    })),
  );
}

function featureCounts(): ConformanceCase[] {
  return ORDERS_AROUND_BLOCKS.map((features) => ({
    name: `${features} feature${features === 1 ? "" : "s"}`,
    async run({ backend }) {
      const random = seededRandom(features);
      const samples = denseSamples(41, features, (_, f) => (f % 7) + random.normal());
      for (const layout of LAYOUTS.slice(0, 2)) {
        await withMoments(backend, features, [layout.of(samples, false)], (moments) =>
          expectMomentsOf(samples, moments, backend.epsilon),
        );
      }
    },
  }));
}

function rowCounts(): ConformanceCase[] {
  return [
    {
      name: "batches of every number of rows around a block size",
      async run({ backend }) {
        const random = seededRandom(6);
        for (const rows of [...ORDERS_AROUND_BLOCKS, 127, 128, 129, 255, 256, 257, 511, 513, 1025]) {
          const samples = denseSamples(rows, 3, () => 2 + random.normal());
          await withMoments(backend, 3, [LAYOUTS[0]!.of(samples, false)], (moments) =>
            expectMomentsOf(samples, moments, backend.epsilon),
          );
        }
      },
    },
  ];
}
