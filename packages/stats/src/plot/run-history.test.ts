import { expect, test } from "vitest";
import { saveOf, scalar, stat } from "../../test/support/saves.js";
import { heatMap } from "./heat-map.js";
import { RunHistory, runHeatMaps } from "./run-history.js";

const options = { run: "mlp", threshold: 0.99 };

test("gives one map a statistic and phase, a row a layer, a column a save", () => {
  const maps = runHeatMaps(
    [
      saveOf(3, stat({ index: 1, layer: "out", value: 0.9 }), stat({ index: 0, layer: "in", value: 0.2 })),
      saveOf(
        5,
        stat({ index: 0, layer: "in", value: 0.3, samples: 20, undersampled: true }),
        stat({ index: 1, layer: "out", value: null, samples: 0 }),
        stat({ phase: "eval", stat: "idim", label: "intrinsic-dimensionality", integer: true, value: 4 }),
      ),
    ],
    options,
  );
  expect(maps.map(({ stat, phase }) => [stat, phase])).toEqual([
    ["lsat", "train"],
    ["idim", "eval"],
  ]);
  expect(maps[0]!.heatMap).toEqual({
    title: "mlp · saturation · train",
    subtitle: "share of feature directions that carry 99 % of the variance",
    valueLabel: "saturation",
    valueScale: "share",
    layers: ["in", "out"],
    epochs: [3, 5],
    values: [
      [0.2, 0.3],
      [0.9, null],
    ],
    samples: [
      [100, 20],
      [100, 0],
    ],
    undersampled: [
      [false, true],
      [false, false],
    ],
  });
  // A layer that came late has no value before.
  expect(maps[1]!.heatMap).toMatchObject({ valueScale: "count", values: [[null, 4]], samples: [[0, 100]] });
  for (const { heatMap: map } of maps) expect(heatMap(map)).toContain("</svg>");
});

test("leaves out matrices, scalars and what has no value anywhere", () => {
  const matrix = { rows: 1, columns: 1, data: Float64Array.of(1) };
  const save = saveOf(0, stat({ stat: "cov", value: matrix }), stat({ value: null }), scalar("loss", 1));
  expect(runHeatMaps([save], options)).toEqual([]);
  expect(runHeatMaps([], options)).toEqual([]);
});

test("what was asked for stays as it was when saves are added", () => {
  const history = new RunHistory();
  history.add(saveOf(0, stat()));
  const [before] = history.heatMaps(options);
  const copy = structuredClone(before);
  history.add(saveOf(1, stat()));
  expect(before).toEqual(copy);
  expect(history.heatMaps(options)[0]!.heatMap.epochs).toEqual([0, 1]);
});
