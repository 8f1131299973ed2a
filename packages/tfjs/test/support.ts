// What the tests of this package share: TensorFlow.js on its cpu backend, small models with fixed weights, and a
// tracker on the backend in plain TypeScript, which needs no compiled kernel.
import { referenceBackend } from "@delve/kernel/reference";
import type { Log, StatRecord } from "@delve/stats";
import * as tf from "@tensorflow/tfjs";
import { SaturationTracker, type SaturationTrackerOptions } from "../src/index.js";

// Production mode keeps tfjs from advertising its native backend.
tf.enableProdMode();
await tf.setBackend("cpu");

export { tf };

let seed = 0;
/** An initialiser that gives the same weights in every run of `seeded`. */
export const initializer = (): ReturnType<typeof tf.initializers.randomNormal> =>
  tf.initializers.randomNormal({ stddev: 0.4, seed: ++seed });

/** Calls `build` so that its initialisers begin with the same seed as in any other call. */
export function seeded<T>(build: () => T): T {
  seed = 0;
  return build();
}

type DenseArgs = Parameters<typeof tf.layers.dense>[0];
type ConvArgs = Parameters<typeof tf.layers.conv2d>[0];

export const dense = (name: string, units: number, rest: Partial<DenseArgs> = {}): tf.layers.Layer =>
  tf.layers.dense({ name, units, kernelInitializer: initializer(), biasInitializer: initializer(), ...rest });

export const conv = (name: string, filters: number, rest: Partial<ConvArgs> = {}): tf.layers.Layer =>
  tf.layers.conv2d({
    name,
    filters,
    kernelSize: 3,
    kernelInitializer: initializer(),
    biasInitializer: initializer(),
    ...rest,
  });

/** 4 → 6 (ReLU) → 3, compiled. */
export const mlp = (): tf.Sequential =>
  compiled(
    seeded(() =>
      tf.sequential({
        layers: [dense("hidden", 6, { inputShape: [4], activation: "relu" }), dense("out", 3)],
      }),
    ),
  );

/** 6 × 6 × 1 → conv 4 (ReLU) → conv 5 (tanh) → dense 3 (softmax), compiled. */
export const cnn = (): tf.Sequential =>
  compiled(
    seeded(() =>
      tf.sequential({
        layers: [
          conv("conv1", 4, { inputShape: [6, 6, 1], activation: "relu" }),
          conv("conv2", 5, { activation: "tanh" }),
          tf.layers.flatten(),
          dense("out", 3, { activation: "softmax" }),
        ],
      }),
    ),
  );

/** 4 → 5 → 2 and 3: a model of two outputs inside one that uses both, and so runs it twice a pass. */
export const twoHeaded = (between: (trunk: tf.SymbolicTensor) => unknown = (trunk) => trunk) =>
  seeded(() => {
    const inside = tf.input({ shape: [4] });
    const trunk = between(dense("trunk", 5).apply(inside) as tf.SymbolicTensor) as tf.SymbolicTensor;
    const outputs = [dense("left", 2).apply(trunk), dense("right", 3).apply(trunk)] as tf.SymbolicTensor[];
    const nested = tf.model({ inputs: inside, outputs, name: "nested" });
    const input = tf.input({ shape: [4] });
    const heads = nested.apply(input) as tf.SymbolicTensor[];
    const joined = tf.layers.concatenate({ name: "joined" }).apply(heads) as tf.SymbolicTensor;
    return { nested, model: tf.model({ inputs: input, outputs: joined }) };
  });

export function compiled<M extends tf.LayersModel>(model: M): M {
  model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError", metrics: ["mse"] });
  return model;
}

/** Standard normal values that depend on the seed alone. */
export const normal = (shape: number[], from: number): tf.Tensor =>
  tf.randomNormal(shape, 0, 1, "float32", from);

/** All weights of a model, as numbers. */
export const weightsOf = (model: tf.LayersModel): Float32Array[] =>
  model.getWeights().map((weight) => weight.dataSync<"float32">().slice());

/** A tracker that writes nothing and says nothing. */
export const track = (
  options: Omit<SaturationTrackerOptions<typeof tf>, "tf">,
  as: typeof tf = tf,
): Promise<SaturationTracker<typeof tf>> =>
  SaturationTracker.open({ tf: as, backend: referenceBackend(), logger: silent, ...options });

export const silent: Log = () => {};

export const statsOf = (tracker: SaturationTracker<typeof tf>): StatRecord[] =>
  (tracker.latest?.records ?? []).filter((record): record is StatRecord => record.kind === "stat");

/** `phase/layer` → samples × features, of the last save. */
export const sizesOf = (tracker: SaturationTracker<typeof tf>): Record<string, string> =>
  Object.fromEntries(
    statsOf(tracker).map(({ phase, layer, samples, features }) => [
      `${phase}/${layer}`,
      `${samples}×${features}`,
    ]),
  );

/** Properties that a tracker puts on a model, and everything inside it, while it watches. */
const WATCHED = ["call", "execute", "fit", "fitDataset"];

/** Which of these a model and all that it is made of have of their own, and which activation functions. */
export function ownNames(module: object, seen = new Set<object>()): unknown[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const inside = ["layers", "layer", "cell", "cells", "forwardLayer", "backwardLayer"]
    .flatMap((key) => Reflect.get(module, key) ?? [])
    .flatMap((part: object) => ownNames(part, seen));
  return [
    ...WATCHED.filter((key) => Object.hasOwn(module, key)),
    Reflect.get(module, "activation"),
    ...inside,
  ];
}
