import { describe, expect, test } from "vitest";
import { cnn, conv, dense, mlp, seeded, tf } from "../test/support.js";
import { kindOf } from "./layer-kinds.js";
import { findLayers, type IncludeLayers } from "./layers.js";

const namesOf = (modules: Parameters<typeof findLayers>[0]) =>
  findLayers(modules).layers.map(({ name }) => name);

class MyDense extends (tf.layers.dense({ units: 1 }).constructor as new (args: object) => tf.layers.Layer) {
  static className = "MyDense";
}

describe("findLayers", () => {
  test("finds dense and convolution layers in the order of the model", () => {
    expect(namesOf(cnn())).toEqual(["conv1", "conv2", "out"]);
    expect(findLayers(cnn()).layers.map(({ kind }) => kind.family)).toEqual(["conv", "conv", "linear"]);
  });

  test("names of nested models are prefixes, at every depth", () => {
    const inner = tf.sequential({
      name: "block",
      layers: [conv("conv1", 2, { inputShape: [7, 7, 2] }), conv("conv2", 2)],
    });
    const features = tf.sequential({
      name: "features",
      layers: [conv("conv1", 2, { inputShape: [9, 9, 1] }), inner],
    });
    const model = tf.sequential({ layers: [features, tf.layers.flatten(), dense("classifier", 3)] });
    expect(namesOf(model)).toEqual([
      "features-conv1",
      "features-block-conv1",
      "features-block-conv2",
      "classifier",
    ]);
  });

  test("a layer that is used twice comes once", () => {
    const shared = dense("shared", 4);
    const input = tf.input({ shape: [4] });
    const once = shared.apply(input);
    const twice = shared.apply(once) as tf.SymbolicTensor;
    expect(namesOf(tf.model({ inputs: input, outputs: twice }))).toEqual(["shared"]);
    expect(namesOf([shared, shared])).toEqual(["shared"]);
  });

  test("takes one layer, a list of layers, and models among them; names stay unique", () => {
    const model = mlp();
    expect(namesOf(model.getLayer("out"))).toEqual(["out"]);
    expect(namesOf([model.getLayer("out"), model.getLayer("hidden")])).toEqual(["out", "hidden"]);
    expect(namesOf([mlp(), mlp()])).toEqual(["hidden", "out", "hidden-2", "out-2"]);
  });

  test("a class that extends Dense is of its kind; others are none", () => {
    expect(kindOf(seeded(() => new MyDense({ units: 2 })))?.family).toBe("linear");
    expect(kindOf(tf.layers.flatten())).toBeUndefined();
  });

  test("wrappers are of the kind of what is inside them", () => {
    const families = [
      tf.layers.timeDistributed({ layer: conv("inside", 2) }),
      tf.layers.timeDistributed({ layer: mlp() as unknown as tf.layers.Layer }),
      tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }) as never }),
    ].map((layer) => kindOf(layer)?.family);
    expect(families).toEqual(["conv", "linear", "recurrent"]);
    expect(kindOf(tf.layers.timeDistributed({ layer: tf.layers.flatten() }))).toBeUndefined();
  });

  test("a layer of a user's own that keeps others in layers is one layer", () => {
    class Block extends tf.layers.Layer {
      static className = "Block";
      readonly layers = [dense("inside", 2)];
    }
    const model = tf.sequential({ layers: [dense("a", 2, { inputShape: [2] }), new Block({ name: "b" })] });
    expect(namesOf(model)).toEqual(["a"]);
    expect(findLayers(model, ["Block"]).layers.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("cells are recorded where they are handed in by themselves", () => {
    expect(namesOf(tf.layers.gruCell({ units: 2, name: "cell" }) as unknown as tf.layers.Layer)).toEqual([
      "cell",
    ]);
  });
});

describe("includeLayers", () => {
  const model = () =>
    tf.sequential({
      layers: [
        conv("conv", 2, { inputShape: [6, 6, 1] }),
        tf.layers.batchNormalization({ name: "norm1" }),
        tf.layers.flatten(),
        tf.layers.layerNormalization({ name: "norm2" }),
        dense("out", 3),
      ],
    });
  const included = (include?: IncludeLayers) => findLayers(model(), include).layers.map(({ name }) => name);

  test("normalisation, embedding and other layers are recorded on request only", () => {
    expect(included()).toEqual(["conv", "out"]);
    expect(included(["BatchNormalization"])).toEqual(["conv", "norm1", "out"]);
    expect(included(["norm2", "norm1"])).toEqual(["conv", "norm1", "norm2", "out"]);
    expect(included((_, layer) => layer.getClassName() === "Flatten").length).toBe(3);
  });

  test("a name that nothing has is refused, with the likely one", () => {
    expect(() => included(["batchNormalisation"])).toThrow(
      /includeLayers: must be one of .*did you mean "BatchNormalization"/,
    );
  });

  test("names do not depend on which layers are recorded", () => {
    const both = [
      tf.sequential({ layers: [tf.layers.batchNormalization({ name: "a", inputShape: [3] })] }),
      tf.sequential({ layers: [dense("a", 3, { inputShape: [3] })] }),
    ];
    const names = (include?: IncludeLayers) => findLayers(both, include).layers.map(({ name }) => name);
    expect(names()).toEqual(["a-2"]);
    expect(names(["BatchNormalization"])).toEqual(["a", "a-2"]);
  });
});
