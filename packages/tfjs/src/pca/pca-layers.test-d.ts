import * as tf from "@tensorflow/tfjs";
import { expectTypeOf, test } from "vitest";
import { changeAllPcaLayerThresholds, pcaLayers } from "../index.js";

test("PCA layers are layers of the tfjs that was handed in", async () => {
  const { LinearPCALayer, Conv2DPCALayer } = await pcaLayers(tf);
  const pca = new LinearPCALayer({ threshold: 0.9, keepdim: false, inputShape: [4], name: "pca" });
  const conv = new Conv2DPCALayer({ downsampling: 8, centering: true });
  const model = tf.sequential({ layers: [pca, conv, tf.layers.dense({ units: 2 })] });

  expectTypeOf(pca).toExtend<tf.layers.Layer>();
  expectTypeOf(pca.inDim).toBeNumber();
  expectTypeOf(conv.downsampling).toEqualTypeOf<number | null>();
  expectTypeOf(pca.apply).toBeFunction();
  expectTypeOf(changeAllPcaLayerThresholds(model, 0.9).names).toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf(changeAllPcaLayerThresholds(model, 0.9, { includeNames: true }).names).toEqualTypeOf<
    readonly string[]
  >();
  // @ts-expect-error: convolutions keep all their features
  new Conv2DPCALayer({ keepdim: false });
  // @ts-expect-error: no such mode
  new LinearPCALayer({ mean: "lose" });
});
