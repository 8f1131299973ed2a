import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BATCH, LAYER_CASES, type LayerCase } from "../test/layer-cases.js";
import { RUN_PATHS, type RunData, type RunPath } from "../test/run-paths.js";
import { compiled, normal, ownNames, sizesOf, tf, track, weightsOf } from "../test/support.js";

// Every kind of layer, run in every way, on the backends that Node has.
const ENTRIES = 2 * BATCH;

function inputsOf({ inputs, words }: LayerCase): tf.Tensor[] {
  return inputs.map((shape, i) => {
    const values = normal([ENTRIES, ...shape], i + 1);
    if (words === undefined) return values;
    return tf.tidy(() => tf.cast(tf.mod(tf.abs(tf.mul(values, 10)), words), "int32"));
  });
}

function dataOf(kind: LayerCase): RunData {
  const model = compiled(kind.model());
  const outputs = model.outputs.map(({ shape }) => [ENTRIES, ...shape.slice(1)] as number[]);
  return { model, x: inputsOf(kind), y: outputs.map((shape, i) => normal(shape, i + 9)), batchSize: BATCH };
}

/** `phase/layer` → samples × features, after a run. */
function expected(kind: LayerCase, path: RunPath): Record<string, string> {
  return Object.fromEntries(
    (["train", "eval"] as const).flatMap((phase) =>
      Object.entries(path[phase] > 0 ? kind.recorded : {}).map(([name, size]) => {
        const [samples, features] = size.split("×").map(Number) as [number, number];
        return [`${phase}/${name}`, `${samples * ENTRIES * path[phase]}×${features}`];
      }),
    ),
  );
}

const open = ({ model }: RunData, { includeLayers }: LayerCase, as: typeof tf) =>
  track({ model, includeLayers, stats: ["trc"], timeseriesMethod: "tokenwise" }, as);

/** How many tensors a run leaves behind. */
async function leftBy(path: RunPath, data: RunData, done: () => Promise<void>): Promise<number> {
  const { numTensors } = tf.memory();
  await path.run(data);
  await done();
  return tf.memory().numTensors - numTensors;
}

/** tfjs whose values come later, as from a GPU: the cpu backend under another name. */
const later = { ...tf, getBackend: () => "webgpu" } as typeof tf;

/** Enough to tell that nothing is left behind: training, its validation, a loop, evaluation in `tidy`. */
const FEW = [
  "fit with validation",
  "a loop that forgets the training flag",
  "apply in tidy, the same tensors twice",
];
const few = RUN_PATHS.filter(({ title }) => FEW.includes(title));

const BACKENDS = [
  { title: "cpu", backend: "cpu", as: tf, paths: RUN_PATHS, drift: 0 },
  { title: "wasm", backend: "wasm", as: tf, paths: RUN_PATHS, drift: 1e-6 },
  { title: "values come later", backend: "cpu", as: later, paths: few, drift: 0 },
];

describe.each(BACKENDS)("$title", ({ backend, as, paths, drift }) => {
  beforeAll(async () => {
    setWasmPaths(new URL("../node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname);
    await tf.setBackend(backend);
  });
  afterAll(async () => void (await tf.setBackend("cpu")));

  describe.each(LAYER_CASES)("$title", (kind) => {
    const trains = kind.trains === undefined || (kind.trains === "on cpu" && backend === "cpu");
    const possible = (path: RunPath) => trains || !path.gradient;

    let data: RunData;
    beforeAll(() => {
      data = dataOf(kind);
    });

    test.each(paths.filter(possible))("$title", async (path) => {
      const tracker = await open(data, kind, as);
      expect(tracker.layers).toEqual(Object.keys(kind.recorded));
      await path.run(data);
      await tracker.addSaturations();
      expect(sizesOf(tracker)).toEqual(expected(kind, path));
      await tracker.close();
    });

    test("weights, tensors and the model stay as without a tracker", async () => {
      const [plain, tracked] = [dataOf(kind), dataOf(kind)];
      tracked.model.setWeights(plain.model.getWeights());
      const before = ownNames(tracked.model);
      const tracker = await open(tracked, kind, as);
      for (const path of few.filter(possible)) {
        const left = await leftBy(path, plain, async () => {});
        expect([path.title, await leftBy(path, tracked, () => tracker.flush())]).toEqual([path.title, left]);
      }
      await tracker.close();
      expect(ownNames(tracked.model)).toEqual(before);
      const expectedWeights = weightsOf(plain.model);
      for (const [i, weight] of weightsOf(tracked.model).entries()) {
        const differences = weight.map((value, j) => Math.abs(value - expectedWeights[i]![j]!));
        expect(Math.max(...differences)).toBeLessThanOrEqual(drift);
      }
    });

    if (trains) return;
    test("tfjs itself cannot train it here", async () => {
      const loop = RUN_PATHS.find(({ title }) => title.includes("minimize"))!;
      await expect(async () => loop.run(data)).rejects.toThrow(/not registered|not found/);
    });
  });
});
