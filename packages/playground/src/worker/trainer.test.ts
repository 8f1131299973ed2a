import "@tensorflow/tfjs-backend-cpu";
import { intrinsicDimensionality } from "@delve/core";
import { loadKernel } from "@delve/kernel";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { DEFAULTS, type Settings } from "../state/settings.js";
import { forward } from "./network.js";
import { curveAxes, Projector, placeOf } from "./projector.js";
import { scoreOf } from "./score.js";
import { projected, subspacesOf } from "./subspaces.js";
import * as tf from "./tf.js";
import { type Epoch, Trainer } from "./trainer.js";

const kernel = await loadKernel();
const settings: Settings = { ...DEFAULTS, problem: "circles", width: 6, depth: 2, noise: 0, rate: 0.01 };
const opened: Trainer[] = [];

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend("cpu");
});
afterEach(async () => {
  for (const trainer of opened.splice(0)) await trainer.close();
});

/** What a generator returns in the end. */
function resultOf<T>(generator: Generator<void, T>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done) return value;
  }
}

async function trainerOf(some: Partial<Settings> = {}) {
  const trainer = await Trainer.open({ ...settings, ...some }, kernel);
  opened.push(trainer);
  const steps = trainer.steps();
  const nextEpoch = async (): Promise<Epoch> => {
    for (;;) {
      const { done, value } = await steps.next();
      if (done) throw new Error("nextEpoch: training must go on, got its end");
      if (value.epoch !== undefined) return value.epoch;
    }
  };
  return { trainer, steps, nextEpoch };
}

describe("Trainer", () => {
  test("epoch 0 looks at every sample once and learns nothing; later ones learn", async () => {
    const { nextEpoch } = await trainerOf();
    const first = await nextEpoch();
    expect(first.epoch).toBe(0);
    expect(
      first.spectra.map(({ layer, phase, samples, features }) => [layer, phase, samples, features]),
    ).toEqual([
      ["dense1", "train", 640, 6],
      ["dense2", "train", 640, 6],
      ["output", "train", 640, 2],
      ["dense1", "eval", 640, 6],
      ["dense2", "eval", 640, 6],
      ["output", "eval", 640, 2],
    ]);
    const losses = [first, await nextEpoch(), await nextEpoch()].map(({ scores }) => scores.eval.loss);
    expect(losses[2]).toBeLessThan(losses[0]!);
  });

  test("the held-out spectrum is that of the activations at the end of the epoch", async () => {
    const { trainer, nextEpoch } = await trainerOf();
    await nextEpoch();
    const { spectra } = await nextEpoch();
    const end = placeOf(trainer.model, "dense2") + 1;
    const values = trainer.unwatched(() => forward(trainer.model, trainer.heldOut.inputs, 0, end));
    const sample = { data: values.dataSync() as Float32Array, shape: [640, 6] as [number, number] };
    const shown = spectra.find(({ layer, phase }) => layer === "dense2" && phase === "eval")!.eigenvalues;
    for (const threshold of [0.5, 0.9, 0.99, 0.9999]) {
      const ours = await intrinsicDimensionality(sample, { threshold });
      let [k, carried] = [0, 0];
      const total = shown.reduce((sum, value) => sum + value, 0);
      while (carried < threshold * total) carried += shown[k++]!;
      expect(ours).toBe(k);
    }
    values.dispose();
  });

  test("the same settings give the same run", async () => {
    const [a, b] = [await trainerOf(), await trainerOf()];
    for (let i = 0; i < 2; i++) expect(await a.nextEpoch()).toEqual(await b.nextEpoch());
  });

  test("looking does not count, and no tensor is left behind by an epoch", async () => {
    const { trainer, nextEpoch } = await trainerOf();
    await nextEpoch();
    await nextEpoch();
    const before = tf.memory().numTensors;
    const { spectra } = await nextEpoch();
    const projector = new Projector(trainer, kernel, "dense1");
    projector.at(2);
    resultOf(projector.curve());
    projector.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(spectra.map(({ samples }) => samples)).toEqual(Array(6).fill(640));
    expect((await nextEpoch()).spectra.map(({ samples }) => samples)).toEqual(Array(6).fill(640));
  });

  test("closing frees everything", async () => {
    const before = tf.memory().numTensors;
    const { trainer, steps, nextEpoch } = await trainerOf();
    await nextEpoch();
    await steps.next();
    await steps.return();
    await trainer.close();
    opened.pop();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("numbers past what float32 holds", () => {
  test.each([
    ["weights of a hidden layer", "dense1", Number.NaN],
    ["weights of the classifier", "output", 3e38],
  ])("end training: %s", async (_, layer, value) => {
    const before = tf.memory().numTensors;
    const { trainer, steps, nextEpoch } = await trainerOf();
    await nextEpoch();
    const { kernel } = trainer.model.getLayer(layer) as unknown as { kernel: tf.LayerVariable };
    tf.tidy(() => void kernel.write(tf.fill(kernel.shape as [number, number], value)));
    const rest: unknown[] = [];
    for await (const step of steps) rest.push(step);
    expect(trainer.hasDiverged).toBe(true);
    expect(trainer.epoch).toBe(0);
    await trainer.close();
    opened.pop();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("Projector", () => {
  test("all axes change nothing; the curve ends where the network is", async () => {
    const { trainer, nextEpoch } = await trainerOf({ rate: 0.03 });
    for (let i = 0; i < 5; i++) await nextEpoch();
    const projector = new Projector(trainer, kernel, "dense2");
    const { full, principal, random, axes, features } = projector.at(99);
    const curve = resultOf(projector.curve());
    projector.dispose();
    expect([axes, features]).toEqual([6, 6]);
    for (const one of [principal, random]) expect(one.accuracy).toBeCloseTo(full.accuracy, 2);
    expect(curve.axes).toEqual([1, 2, 3, 4, 5, 6]);
    expect(curve.principal.at(-1)).toBeCloseTo(full.accuracy, 2);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(curve.principal)).toBeGreaterThan(mean(curve.random));
  });

  test("a projection is idempotent, keeps the mean, and leaves the best k-dimensional approximation", () => {
    const x = tf.mul(tf.randomNormal([200, 4], 1, 1, "float32", 4), tf.tensor1d([3, 2, 1, 0.1]));
    const subspaces = subspacesOf(kernel, x);
    const lossOf = (projection: ReturnType<typeof subspaces.principal>) => {
      const once = projected(x, projection);
      const twice = projected(once, projection);
      expect(tf.max(tf.abs(tf.sub(once, twice))).dataSync()[0]).toBeLessThan(1e-5);
      expect(tf.max(tf.abs(tf.sub(tf.mean(once, 0), tf.mean(x, 0)))).dataSync()[0]).toBeLessThan(1e-5);
      return tf.sum(tf.square(tf.sub(x, once))).dataSync()[0]!;
    };
    const random = [1, 2, 3].map((seed) => lossOf(subspaces.random(2, seed)));
    expect(lossOf(subspaces.principal(2))).toBeLessThan(Math.min(...random));
  });

  test.each([
    [1, [1]],
    [2, [1, 2]],
    [4, [1, 2, 3, 4]],
    [64, [1, 2, 3, 5, 8, 13, 23, 38, 64]],
  ])("curveAxes(%d)", (features, axes) => {
    expect(curveAxes(features)).toEqual(axes);
  });
});

test("scoreOf counts what is right, and stays finite where a probability is 0", () => {
  const probabilities = tf.tensor2d([
    [0.9, 0.1],
    [0.4, 0.6],
    [1, 0],
  ]);
  const { loss, accuracy } = scoreOf(probabilities, Uint8Array.of(0, 1, 1));
  expect(accuracy).toBeCloseTo(2 / 3, 12);
  expect(loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(1e-7)) / 3, 5);
});
