// How the package looks to a TypeScript user of tfjs 4.22. Nothing here runs: `tsc` compiles it with the rest.
import * as tf from "@tensorflow/tfjs";
import {
  CheckLayerSat,
  type GraphNode,
  graphNodes,
  type Model,
  SaturationTracker,
  type Tensor,
  type TensorFlow,
} from "./index.js";

export const namespace: TensorFlow = tf;
export const tensor: Tensor = tf.zeros([2, 3]);

export async function accepted(functional: tf.LayersModel, x: tf.Tensor): Promise<void> {
  const sequential = tf.sequential();
  const model: Model = functional;
  await CheckLayerSat.open({ tf, modules: [sequential, tf.layers.dense({ units: 1 }), model] });
  const tracker: SaturationTracker<typeof tf> = await SaturationTracker.open({
    tf,
    model: sequential,
    savePath: "runs/mlp",
    saveTo: ["csv", "plot"],
    stats: ["lsat", "idim"],
    satThreshold: 0.99,
    activations: "post",
    layerFilter: (name) => name !== "hidden",
    includeLayers: (name, layer) => name.startsWith("norm") && layer.getClassName() === "LayerNormalization",
  });
  const callback: tf.CustomCallback = tracker.callback({ progress: false, yieldEvery: "epoch" });
  await sequential.fit(x, x, { callbacks: callback });
  await sequential.fit(x, x, { callbacks: [callback, tf.callbacks.earlyStopping()] });
  await sequential.fit(x, x, { callbacks: [callback, { onEpochEnd: (epoch: number) => void epoch }] });
  await sequential.fitDataset(tf.data.array([]), { epochs: 1, callbacks: [callback] });
  tracker.addScalar("loss", 1);
  await tracker.addSaturations();
  await tracker.close();
}

export async function converted(model: tf.GraphModel): Promise<void> {
  const nodes: readonly GraphNode[] = await graphNodes(model, "post");
  await SaturationTracker.open({ tf, model, nodes: nodes.map(({ name }) => name) });
  await SaturationTracker.open({
    tf,
    model: [model, tf.sequential()],
    nodes: ({ family }) => family === "conv",
  });
  // @ts-expect-error: names, or a function
  await SaturationTracker.open({ tf, model, nodes: "dense/BiasAdd" });
}

export async function refused(model: tf.LayersModel): Promise<void> {
  // @ts-expect-error: tf has to be handed in
  await SaturationTracker.open({ model });
  // @ts-expect-error: no such namespace
  await SaturationTracker.open({ tf: { tidy: 3 }, model });
  // @ts-expect-error: a misspelt option
  await SaturationTracker.open({ tf, model, satTreshold: 0.9 });
  // @ts-expect-error: neither before nor after
  await SaturationTracker.open({ tf, model, activations: "both" });
}
