// Graph models, as TensorFlow's converter makes them, under a tracker.
import type { Log } from "@delve/stats";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { graphNodes, type SaturationTracker } from "../src/index.js";
import { flag, GraphBuilder, text, type } from "./graph-builder.js";
import { graphCnn, layersCnn } from "./graph-models.js";
import { dense, normal, sizesOf, statsOf, tf, track } from "./support.js";

const LAYERS = ["conv1/BiasAdd", "conv2/Relu", "dense1/BiasAdd", "dense2/add", "dense3/MatMul"];
const x = normal([16, 8, 8, 1], 77);

let model: tf.GraphModel;
beforeAll(async () => void (model = await graphCnn()));

const numbers = (value: unknown): number[] => Array.from((value as tf.Tensor).dataSync());

/** Statistics of one pass, by layer. */
async function statisticsOf(tracker: SaturationTracker<typeof tf>, run: () => unknown) {
  tf.dispose((await run()) as tf.Tensor);
  await tracker.addSaturations();
  await tracker.close();
  return Object.fromEntries(statsOf(tracker).map(({ layer, value }) => [layer, value as number]));
}

describe("graphNodes", () => {
  test("lists the layers in forward order, by the node before the activation function where there is one", async () => {
    const nodes = await graphNodes(model);
    expect(nodes.map(({ name, op, family, activation }) => [name, op, family, activation])).toEqual([
      ["conv1/BiasAdd", "Conv2D", "conv", null],
      ["conv2/Relu", "_FusedConv2D", "conv", "Relu"],
      ["dense1/BiasAdd", "_FusedMatMul", "linear", null],
      ["dense2/add", "MatMul", "linear", null],
      ["dense3/MatMul", "MatMul", "linear", null],
    ]);
  });

  test("or by the node after it", async () => {
    const nodes = await graphNodes(model, "post");
    expect(nodes.map(({ name, activation }) => [name, activation])).toEqual([
      ["conv1/Relu", "Relu"],
      ["conv2/Relu", "Relu"],
      ["dense1/BiasAdd", null],
      ["dense2/Tanh", "Tanh"],
      ["dense3/MatMul", null],
    ]);
  });

  test("reads where the channels lie from the node or from those before it, be its text base64 or bytes", async () => {
    const graph = new GraphBuilder();
    const format = { data_format: { s: [..."NCHW"].map((letter) => letter.charCodeAt(0)) } };
    const kernel = graph.constant("kernel", normal([1, 1, 2, 3], 1));
    const value = graph.node("Conv2D", "conv", [graph.input("x", [null, 2, 4, 4]), kernel], format);
    graph.node("Relu", "relu", [value]);
    const channelsFirst = await graph.load();
    expect((await graphNodes(channelsFirst, "post")).map(({ layout }) => layout)).toEqual(["channelsFirst"]);
    expect((await graphNodes(model)).map(({ layout }) => layout)).toEqual(Array(5).fill("channelsLast"));
  });
});

describe("a tracked graph model", () => {
  test("gives the statistics of the same model made of layers", async () => {
    const layers = layersCnn();
    const options = { stats: ["trc"] };
    const found = await statisticsOf(await track({ model, ...options }), () => model.predict(x));
    const pre = await statisticsOf(await track({ model: layers, ...options }), () => layers.predict(x));
    const post = { model: layers, activations: "post", ...options } as const;
    const { conv2 } = await statisticsOf(await track(post), () => layers.predict(x));
    const expected = [pre["conv1"], conv2, pre["dense1"], pre["dense2"], pre["dense3"]];
    expect(Object.keys(found)).toEqual(LAYERS);
    for (const [i, layer] of LAYERS.entries()) expect(found[layer]! / expected[i]!).toBeCloseTo(1, 6);
  });

  test.each<[string, (graph: tf.GraphModel) => unknown]>([
    ["predict", (graph) => graph.predict(x)],
    ["predict with named inputs", (graph) => graph.predict({ x })],
    ["predictAsync", (graph) => graph.predictAsync([x])],
    ["execute", (graph) => graph.execute(x)],
    ["execute of one node", (graph) => graph.execute(x, "scaled")],
    ["execute of a list of one", (graph) => graph.execute(x, ["scaled"])],
    ["executeAsync", (graph) => graph.executeAsync(x)],
    ["executeAsync of one node", (graph) => graph.executeAsync({ x }, "scaled:0")],
  ])("%s gives the same bits, every layer is recorded, no tensor stays", async (_, run) => {
    const plain = numbers(await run(model));
    const tracker = await track({ model });
    const before = tf.memory().numTensors;
    const output = (await run(model)) as tf.Tensor;
    expect(numbers(output)).toEqual(plain);
    output.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({
      "eval/conv1/BiasAdd": "576×4",
      "eval/conv2/Relu": "256×5",
      "eval/dense1/BiasAdd": "16×6",
      "eval/dense2/add": "16×7",
      "eval/dense3/MatMul": "16×3",
    });
    await tracker.close();
  });

  test("nodes that the caller asks for itself are the caller's, and recorded all the same", async () => {
    const tracker = await track({ model });
    const names = ["conv1/BiasAdd", "scaled", "dense2/Tanh", "conv1/BiasAdd"];
    const outputs = model.execute(x, names) as tf.Tensor[];
    expect(outputs.map(({ shape }) => shape.join("×"))).toEqual(["16×6×6×4", "16×3", "16×7", "16×6×6×4"]);
    expect(outputs.some(({ isDisposed }) => isDisposed)).toBe(false);
    tf.dispose(outputs);
    await tracker.addSaturations();
    expect(statsOf(tracker).map(({ layer }) => layer)).toEqual(LAYERS);
    await tracker.close();
  });

  test("a pass of a part of the graph computes no more than it would, and records that part", async () => {
    const first = await statisticsOf(await track({ model }), () => model.execute(x, "conv1/Relu"));
    expect(Object.keys(first)).toEqual(["conv1/BiasAdd"]);
    const flattened = normal([16, 20], 5);
    const later = await statisticsOf(await track({ model }), () =>
      model.execute({ flatten: flattened }, "scaled"),
    );
    expect(Object.keys(later)).toEqual(["dense1/BiasAdd", "dense2/add", "dense3/MatMul"]);
  });

  test("counts as evaluation, under tidy and while a gradient is recorded too", async () => {
    const tracker = await track({ model });
    const gradient = () => tf.grad((input) => (model.execute(input) as tf.Tensor).sum())(x);
    const withTracker = tf.tidy(() => numbers(gradient()));
    await tracker.addSaturations();
    await tracker.close();
    expect([...new Set(statsOf(tracker).map(({ phase }) => phase))]).toEqual(["eval"]);
    expect(withTracker).toEqual(tf.tidy(() => numbers(gradient())));
  });

  test("goes on as before after detach, which leaves no property of ours", async () => {
    const own = Object.keys(model);
    const tracker = await track({ model });
    const other = await track({ model });
    tracker.detach();
    expect(Object.hasOwn(model, "execute")).toBe(true);
    await other.close();
    expect(Reflect.ownKeys(model)).toEqual(own);
    tf.dispose(model.predict(x));
    await tracker.addSaturations();
    expect(statsOf(tracker)).toEqual([]);
    await tracker.close();
  });

  test("stop, logInterval and an error that is let through leave no tensor behind", async () => {
    const tracker = await track({ model, logInterval: 2, onError: "throw", nodes: ["dense1/BiasAdd"] });
    const before = tf.memory().numTensors;
    for (const _ of [1, 2, 3]) tf.dispose(model.predict(x));
    tracker.stop();
    tf.dispose(model.predict(x));
    tracker.resume();
    expect(tf.memory().numTensors).toBe(before);
    const broken = tf.fill([16, 8, 8, 1], Number.NaN);
    expect(() => tf.tidy(() => void model.predict(broken))).toThrow('layer "dense1/BiasAdd" (eval)');
    broken.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/dense1/BiasAdd": "16×6" });
    await tracker.close();
  });
});

describe("which nodes", () => {
  const layersOf = async (options: object) => {
    const tracker = await track({ model, ...options });
    await tracker.close();
    return tracker.layers;
  };

  test("any, by their names", async () => {
    const tracker = await track({ model, nodes: ["pool", "dense2/Tanh:0"], stats: ["trc"] });
    const found = await statisticsOf(tracker, () => model.predict(x));
    expect(tracker.layers).toEqual(["pool", "dense2/Tanh:0"]);
    expect(sizesOf(tracker)).toEqual({ "eval/pool": "64×5", "eval/dense2/Tanh:0": "16×7" });
    expect(Object.values(found).every((trace) => trace > 0)).toBe(true);
  });

  test("or a choice among the layers, by nodes, layerFilter or includeConv", async () => {
    const linear = LAYERS.slice(2);
    expect(await layersOf({ nodes: ({ family }: { family: string }) => family === "linear" })).toEqual(
      linear,
    );
    expect(await layersOf({ includeConv: false })).toEqual(linear);
    expect(await layersOf({ layerFilter: (name: string) => name.startsWith("conv1") })).toEqual([
      "conv1/BiasAdd",
    ]);
    expect(await layersOf({ activations: "post" })).toEqual([
      "conv1/Relu",
      "conv2/Relu",
      "dense1/BiasAdd",
      "dense2/Tanh",
      "dense3/MatMul",
    ]);
  });

  test("those that are fused with their activation function are told of, once, if the value before it is wanted", async () => {
    const logger = vi.fn<Log>();
    await layersOf({ logger });
    await layersOf({ logger, activations: "post" });
    await layersOf({ logger, nodes: ["conv2/Relu"] });
    expect(logger.mock.calls.map(([level, message]) => [level, message])).toEqual([
      [
        "warn",
        expect.stringMatching(/"pre" is not to be had .*; recorded after it: "conv2\/Relu" \(Relu\)$/),
      ],
    ]);
  });

  test("of several models, with names that are unique", async () => {
    const layer = dense("dense3/MatMul", 2, { inputShape: [3] });
    const tracker = await track({ model: [tf.sequential({ layers: [layer] }), model] });
    expect(tracker.layers).toEqual(["dense3/MatMul", ...LAYERS.slice(0, 4), "dense3/MatMul-2"]);
    await tracker.close();
  });

  test("what cannot be recorded is refused before anything is touched", async () => {
    const refused = (options: object) => track({ model, ...options });
    await expect(refused({ nodes: ["conv1/BiasAd"] })).rejects.toThrow(
      `nodes: must be in the model's graph, got "conv1/BiasAd"; did you mean "conv1/BiasAdd"?`,
    );
    await expect(refused({ nodes: ["x"] })).rejects.toThrow('got "x", an input');
    await expect(refused({ nodes: ["dense2/kernel/read"] })).rejects.toThrow("a constant");
    await expect(refused({ nodes: "pool" })).rejects.toThrow("nodes: must be a list of names or a function");
    await expect(refused({ nodes: () => false })).rejects.toThrow("must have a layer to record");
    await expect(refused({ layerFilter: () => false })).rejects.toThrow("got 5 that the options leave out");
    await expect(track({ model: layersCnn(), nodes: ["pool"] })).rejects.toThrow(
      "nodes: must come with a graph model, got layers",
    );
    expect(Object.hasOwn(model, "execute")).toBe(false);
  });
});

describe("graphs with other ways", () => {
  /** x · w where `on` is set, x elsewhere; then · v. */
  async function branched(): Promise<tf.GraphModel> {
    const graph = new GraphBuilder();
    const input = graph.input("x", [null, 4]);
    const on = graph.node("Placeholder", "on", [], { dtype: type("DT_BOOL"), shape: { shape: { dim: [] } } });
    const branches = graph.node("Switch", "if", [input, on]);
    const kernel = graph.constant("w", normal([4, 4], 1));
    const inside = graph.node("MatMul", "inside", [`${branches}:1`, kernel]);
    const merged = graph.node("Merge", "endif", [`${branches}:0`, inside], { N: { i: "2" } });
    const last = graph.node("MatMul", "after", [merged, graph.constant("v", normal([4, 3], 2))]);
    return graph.load({ outputs: [last] });
  }

  test("what a branch computes is left out, what comes after it is not", async () => {
    const graph = await branched();
    expect((await graphNodes(graph)).map(({ name }) => name)).toEqual(["after"]);
    await expect(track({ model: graph, nodes: ["inside"] })).rejects.toThrow("inside a branch or a loop");
    const samples = normal([9, 4], 3);
    for (const on of [true, false]) {
      const feed = { x: samples, on: tf.scalar(on) };
      const plain = numbers(await graph.executeAsync(feed));
      const tracker = await track({ model: graph });
      const before = tf.memory().numTensors;
      const output = (await graph.executeAsync(feed)) as tf.Tensor;
      expect(numbers(output)).toEqual(plain);
      output.dispose();
      expect(tf.memory().numTensors).toBe(before);
      await tracker.addSaturations();
      expect(sizesOf(tracker)).toEqual({ "eval/after": "9×3" });
      await tracker.close();
    }
  });

  test("what a loop computes is left out, what comes after it is not", async () => {
    const graph = new GraphBuilder();
    const input = graph.input("x", [null, 4]);
    const frame = { frame_name: text("loop"), is_constant: flag(false) };
    const enter = graph.node("Enter", "enter", [input], frame);
    graph.node("Merge", "merge", [enter, "next"], { N: { i: "2" } });
    const condition = graph.node("LoopCond", "cond", ["merge"]);
    const turn = graph.node("Switch", "switch", ["merge", condition]);
    const body = graph.node("MatMul", "body", [`${turn}:1`, graph.constant("w", normal([4, 4], 1))]);
    graph.node("NextIteration", "next", [body]);
    const left = graph.node("Exit", "exit", [`${turn}:0`]);
    graph.node("MatMul", "after", [left, graph.constant("v", normal([4, 3], 2))]);
    const looped = await graph.load();
    expect((await graphNodes(looped)).map(({ name }) => name)).toEqual(["after"]);
    await expect(track({ model: looped, nodes: ["body"] })).rejects.toThrow("inside a branch or a loop");
  });

  test("public names of inputs and outputs stand for their nodes", async () => {
    const graph = new GraphBuilder();
    const input = graph.input("serving_x", [null, 4]);
    const first = graph.node("MatMul", "first", [input, graph.constant("w", normal([4, 5], 1))]);
    const second = graph.node("MatMul", "second", [first, graph.constant("v", normal([5, 3], 2))]);
    const signature = {
      inputs: { x: { name: "serving_x:0" } },
      // A public name that is another node's own.
      outputs: { y: { name: `${second}:0` }, first: { name: `${second}:0` } },
    };
    const named = await graph.load({ signature });
    const tracker = await track({ model: named });
    const output = named.execute({ x: normal([7, 4], 3) }, ["y", "first"]) as tf.Tensor[];
    expect(output.map(({ shape }) => shape)).toEqual([
      [7, 3],
      [7, 3],
    ]);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/first": "7×5", "eval/second": "7×3" });
    await tracker.close();
  });

  test("a node that hands an input on does not take it away from the caller", async () => {
    const graph = new GraphBuilder();
    const same = graph.node("Identity", "same", [graph.input("x", [null, 4])]);
    graph.node("MatMul", "layer", [same, graph.constant("w", normal([4, 5], 1))]);
    const passing = await graph.load();
    const tracker = await track({ model: passing, nodes: ["same"] });
    const kept = tf.keep(normal([7, 4], 3));
    tf.dispose(passing.execute(kept));
    expect(kept.isDisposed).toBe(false);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/same": "7×4" });
    await tracker.close();
  });

  test("a graph without nodes is refused", async () => {
    const empty = { executeAsync: () => {}, outputNodes: [], save: async () => {} };
    await expect(track({ model: empty as unknown as tf.GraphModel })).rejects.toThrow(
      "readGraph: a graph must have nodes, got undefined",
    );
  });
});
