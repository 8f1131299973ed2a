import type { Dataset } from "../problems/dataset.js";
import { layerNames, OUTPUT } from "../state/layers.js";
import type { Settings } from "../state/settings.js";
import * as tf from "./tf.js";

/**
 * The network that settings describe, with the same weights each time for a seed: `depth` layers of one width, and a
 * classifier. A function of activation is a layer of its own, so that a layer's output is the value before it, which
 * is what delve looks at, and what is projected.
 */
export function buildNetwork(settings: Settings, { shape, classes }: Dataset): tf.Sequential {
  const model = tf.sequential();
  const isPicture = shape.length > 1;
  // The first layer of all names the shape of an input.
  const inputShape = [...shape];
  const isFlattened = isPicture && settings.network === "dense";
  if (isFlattened) model.add(tf.layers.flatten({ name: "pixels", inputShape }));
  for (let i = 0; i < settings.depth; i++) {
    const isFirst = i === 0 && !isFlattened;
    for (const layer of hiddenLayer(settings, i, isFirst ? { inputShape } : {})) model.add(layer);
  }
  if (settings.network === "conv") model.add(tf.layers.globalAveragePooling2d({ name: "average" }));
  model.add(tf.layers.dense({ name: OUTPUT, units: classes, ...weights(settings, settings.depth) }));
  model.add(tf.layers.activation({ name: "classes", activation: "softmax" }));
  const optimizer = tf.train.adam(settings.rate);
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

function hiddenLayer(
  settings: Settings,
  index: number,
  first: { readonly inputShape?: number[] },
): tf.layers.Layer[] {
  const { network, width, activation } = settings;
  const name = layerNames(settings)[index]!;
  const common = { name, ...weights(settings, index), ...first };
  const layer =
    network === "dense"
      ? tf.layers.dense({ units: width, ...common })
      : tf.layers.conv2d({ filters: width, kernelSize: 3, padding: "same", ...common });
  return [layer, tf.layers.activation({ name: `${name}-${activation}`, activation })];
}

/** Weights that keep the size of what passes, for the function of activation that follows (He; Glorot and Bengio). */
function weights({ activation, seed }: Settings, index: number) {
  const options = { seed: 100 * seed + index };
  const { heNormal, glorotNormal } = tf.initializers;
  return { kernelInitializer: activation === "relu" ? heNormal(options) : glorotNormal(options) };
}

/**
 * What a range of a network's layers makes of a batch, without any training. The batch stays; what lies between is
 * freed at once, since maps of all layers together can be large.
 *
 * @param to - Place of the first layer that is left out.
 */
export function forward(model: tf.Sequential, input: tf.Tensor, from: number, to: number): tf.Tensor {
  let x = input.clone();
  for (const layer of model.layers.slice(from, to)) {
    const next = tf.tidy(() => layer.apply(x) as tf.Tensor);
    x.dispose();
    x = next;
  }
  return x;
}
