import { describe, expect, test } from "vitest";
import { cnn, conv, dense, mlp, seeded, tf } from "../test/support.js";
import { kindOf } from "./layer-kinds.js";
import { findLayers } from "./layers.js";

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
});
