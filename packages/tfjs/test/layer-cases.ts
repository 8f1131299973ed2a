// Every kind of layer that is recorded, in the smallest model that shows it: what goes in, what is to be seen of it.
import { tf } from "./support.js";

/** A model, what it takes, and what is recorded of it. */
export interface LayerCase {
  readonly title: string;
  readonly model: () => tf.LayersModel;
  /** Shapes of the inputs, without the batch. */
  readonly inputs: readonly (readonly number[])[];
  /** The inputs are whole numbers below this. */
  readonly words?: number;
  /** Name → samples for each entry of a batch × features, all steps and places taken as samples. */
  readonly recorded: Readonly<Record<string, string>>;
  readonly includeLayers?: string[];
  /** Where tfjs 4.22 can train it: on the cpu and the wasm backend when left out. */
  readonly trains?: "on cpu" | "nowhere";
}

/** Entries of a batch; stateful layers have to know. */
export const BATCH = 2;

const { layers } = tf;
type Shape = number[];

/** A sequential model whose first layer takes this shape. */
const chain = (shape: Shape, ...rest: tf.layers.Layer[]): tf.LayersModel =>
  graph([shape], ([x]) => rest.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, x!));

/** A functional model. */
function graph(
  shapes: Shape[],
  build: (inputs: tf.SymbolicTensor[]) => tf.SymbolicTensor | tf.SymbolicTensor[],
): tf.LayersModel {
  const inputs = shapes.map((shape) => tf.input({ shape }));
  return tf.model({ inputs, outputs: build(inputs) });
}

const dense = (name: string, units: number, rest: object = {}): tf.layers.Layer =>
  layers.dense({ name, units, activation: "tanh", ...rest });

const all = (layer: tf.layers.Layer, input: unknown): tf.SymbolicTensor[] =>
  layer.apply(input as tf.SymbolicTensor) as tf.SymbolicTensor[];
const one = (layer: tf.layers.Layer, input: unknown): tf.SymbolicTensor =>
  layer.apply(input as tf.SymbolicTensor) as tf.SymbolicTensor;
const join = (tensors: tf.SymbolicTensor[]): tf.SymbolicTensor => one(layers.concatenate({}), tensors);

/** A layer of a user's own with two outputs: the halves of its input's features. */
class Halves extends tf.layers.Layer {
  static className = "Halves";
  override computeOutputShape(shape: tf.Shape): tf.Shape[] {
    const half = [...shape.slice(0, -1), shape.at(-1)! / 2];
    return [half, half];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    return tf.split(Array.isArray(inputs) ? inputs[0]! : inputs, 2, -1);
  }
}

/** A dense layer of a user's own that has its say after the activation function. */
class Doubled extends (layers.dense({ units: 1 }).constructor as new (args: object) => tf.layers.Layer) {
  static className = "Doubled";
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
    return tf.tidy(() => tf.mul(super.call(inputs, kwargs as never) as tf.Tensor, 2));
  }
}

const DENSE: LayerCase[] = [
  { title: "Dense", model: () => chain([3], dense("a", 4)), inputs: [[3]], recorded: { a: "1×4" } },
  {
    title: "Dense over steps",
    model: () => chain([5, 3], dense("a", 4)),
    inputs: [[5, 3]],
    recorded: { a: "5×4" },
  },
  {
    title: "Dense over a feature map",
    model: () => chain([2, 3, 3], dense("a", 4)),
    inputs: [[2, 3, 3]],
    recorded: { a: "6×4" },
  },
  {
    title: "a class that extends Dense",
    model: () => chain([3], new Doubled({ name: "a", units: 4, activation: "tanh" })),
    inputs: [[3]],
    recorded: { a: "1×4" },
  },
];

const window = { filters: 4, kernelSize: 2, activation: "relu" } as const;
const CONVOLUTIONS: LayerCase[] = [
  {
    title: "Conv1D",
    model: () => chain([5, 2], layers.conv1d({ name: "a", ...window })),
    inputs: [[5, 2]],
    recorded: { a: "4×4" },
    trains: "on cpu",
  },
  {
    title: "Conv2D",
    model: () => chain([4, 3, 2], layers.conv2d({ name: "a", ...window })),
    inputs: [[4, 3, 2]],
    recorded: { a: "6×4" },
    trains: "on cpu",
  },
  {
    title: "Conv2D, channels first",
    model: () => chain([2, 4, 3], layers.conv2d({ name: "a", ...window, dataFormat: "channelsFirst" })),
    inputs: [[2, 4, 3]],
    recorded: { a: "6×4" },
    trains: "on cpu",
  },
  {
    title: "Conv3D",
    model: () => chain([3, 3, 2, 2], layers.conv3d({ name: "a", ...window })),
    inputs: [[3, 3, 2, 2]],
    recorded: { a: "4×4" },
  },
  {
    title: "Conv2DTranspose",
    model: () => chain([3, 2, 2], layers.conv2dTranspose({ name: "a", ...window })),
    inputs: [[3, 2, 2]],
    recorded: { a: "12×4" },
    trains: "on cpu",
  },
  {
    title: "Conv3DTranspose",
    model: () => chain([2, 2, 1, 2], layers.conv3dTranspose({ name: "a", ...window })),
    inputs: [[2, 2, 1, 2]],
    recorded: { a: "18×4" },
    trains: "nowhere",
  },
  {
    title: "DepthwiseConv2D",
    model: () =>
      chain(
        [3, 3, 2],
        layers.depthwiseConv2d({ name: "a", kernelSize: 2, depthMultiplier: 2, activation: "relu" }),
      ),
    inputs: [[3, 3, 2]],
    recorded: { a: "4×4" },
    trains: "on cpu",
  },
  {
    title: "SeparableConv2D",
    model: () => chain([3, 3, 2], layers.separableConv2d({ name: "a", ...window })),
    inputs: [[3, 3, 2]],
    recorded: { a: "4×4" },
    trains: "on cpu",
  },
];

// tfjs's own way to begin, with an orthogonal matrix, takes longer than all that is done with these models.
const begin = { recurrentInitializer: "glorotNormal" } as const;
const units = { name: "a", units: 3, ...begin };
const RECURRENT: LayerCase[] = [
  {
    title: "SimpleRNN",
    model: () => chain([4, 2], layers.simpleRNN(units)),
    inputs: [[4, 2]],
    recorded: { a: "1×3" },
  },
  {
    title: "GRU, returnSequences",
    model: () => chain([4, 2], layers.gru({ ...units, returnSequences: true })),
    inputs: [[4, 2]],
    recorded: { a: "4×3" },
  },
  {
    title: "LSTM",
    model: () => chain([4, 2], layers.lstm(units)),
    inputs: [[4, 2]],
    recorded: { a: "1×3" },
  },
  {
    title: "LSTM, returnSequences and returnState, all three outputs used",
    model: () =>
      graph([[4, 2]], ([x]) => {
        const lstm = layers.lstm({ ...units, returnSequences: true, returnState: true });
        const [steps, h, c] = all(lstm, x);
        return [one(layers.flatten(), steps), one(dense("b", 2), join([h!, c!]))];
      }),
    inputs: [[4, 2]],
    recorded: { a: "4×3", b: "1×2" },
  },
  {
    title: "LSTM, returnState, an encoder whose state starts a decoder",
    model: () =>
      graph(
        [
          [4, 2],
          [3, 2],
        ],
        ([source, target]) => {
          const [, h, c] = all(layers.lstm({ ...units, returnState: true }), source);
          return one(layers.lstm({ ...units, name: "b", returnSequences: true }), [target, h, c]);
        },
      ),
    inputs: [
      [4, 2],
      [3, 2],
    ],
    recorded: { a: "1×3", b: "3×3" },
  },
  {
    title: "LSTM, stateful",
    model: () => {
      const lstm = layers.lstm({ ...units, stateful: true, batchInputShape: [BATCH, 4, 2] });
      return tf.sequential({ layers: [lstm] });
    },
    inputs: [[4, 2]],
    recorded: { a: "1×3" },
  },
  {
    title: "RNN of one cell",
    model: () =>
      chain([4, 2], layers.rnn({ name: "a", cell: layers.gruCell({ units: 3, ...begin }) as never })),
    inputs: [[4, 2]],
    recorded: { a: "1×3" },
  },
  {
    title: "RNN of stacked cells",
    model: () => {
      const cell = [layers.lstmCell({ units: 2, ...begin }), layers.simpleRNNCell({ units: 3, ...begin })];
      return chain([4, 2], layers.rnn({ name: "a", cell: cell as never, returnSequences: true }));
    },
    inputs: [[4, 2]],
    recorded: { a: "4×3" },
  },
  {
    title: "ConvLSTM2D",
    model: () =>
      chain(
        [2, 3, 3, 1],
        layers.convLstm2d({ name: "a", filters: 2, kernelSize: 2, ...begin }),
        layers.flatten(),
      ),
    inputs: [[2, 3, 3, 1]],
    recorded: { a: "4×2" },
    trains: "on cpu",
  },
  {
    title: "ConvLSTM2D, returnSequences",
    model: () =>
      chain(
        [2, 3, 3, 1],
        layers.convLstm2d({ name: "a", filters: 2, kernelSize: 2, returnSequences: true, ...begin }),
        layers.flatten(),
      ),
    inputs: [[2, 3, 3, 1]],
    recorded: { a: "8×2" },
    trains: "on cpu",
  },
  ...(["concat", "sum", "mul", "ave"] as const).map((mergeMode) => ({
    title: `Bidirectional, ${mergeMode}`,
    model: () =>
      chain(
        [4, 2],
        layers.bidirectional({
          name: "a",
          layer: layers.lstm({ units: 3, returnSequences: true, ...begin }) as never,
          mergeMode,
        }),
      ),
    inputs: [[4, 2]],
    recorded: { a: mergeMode === "concat" ? "4×6" : "4×3" },
  })),
  {
    title: "Bidirectional, not merged: the directions stand side by side",
    model: () =>
      graph([[4, 2]], ([x]) => {
        const layer = layers.gru({ units: 3, ...begin }) as never;
        return join(all(layers.bidirectional({ name: "a", layer, mergeMode: null as never }), x));
      }),
    inputs: [[4, 2]],
    recorded: { a: "1×6" },
  },
];

const WRAPPED: LayerCase[] = [
  {
    title: "TimeDistributed of Dense",
    model: () => chain([5, 3], layers.timeDistributed({ name: "a", layer: dense("inside", 4) })),
    inputs: [[5, 3]],
    recorded: { a: "5×4" },
  },
  {
    title: "TimeDistributed of Conv2D",
    model: () => chain([2, 3, 3, 1], layers.timeDistributed({ name: "a", layer: layers.conv2d(window) })),
    inputs: [[2, 3, 3, 1]],
    recorded: { a: "8×4" },
    trains: "on cpu",
  },
  {
    title: "TimeDistributed of Conv2D, channels first",
    model: () => {
      const layer = layers.conv2d({ ...window, dataFormat: "channelsFirst" });
      return chain([2, 1, 3, 3], layers.timeDistributed({ name: "a", layer }));
    },
    inputs: [[2, 1, 3, 3]],
    recorded: { a: "8×4" },
    trains: "on cpu",
  },
  {
    title: "TimeDistributed of a model",
    model: () => {
      const layer = tf.sequential({ layers: [dense("b", 5, { inputShape: [3] }), dense("c", 4)] });
      return chain([5, 3], layers.timeDistributed({ name: "a", layer: layer as never }));
    },
    inputs: [[5, 3]],
    recorded: { a: "5×4" },
  },
];

const ON_REQUEST: LayerCase[] = [
  {
    title: "Embedding",
    model: () => chain([4], layers.embedding({ name: "a", inputDim: 7, outputDim: 3 })),
    inputs: [[4]],
    words: 7,
    recorded: { a: "4×3" },
    includeLayers: ["Embedding"],
    trains: "on cpu",
  },
  {
    title: "Embedding with a mask, LSTM",
    model: () =>
      chain(
        [4],
        layers.embedding({ name: "a", inputDim: 7, outputDim: 3, maskZero: true }),
        layers.lstm({ name: "b", units: 2, ...begin }),
      ),
    inputs: [[4]],
    words: 7,
    recorded: { a: "4×3", b: "1×2" },
    includeLayers: ["a"],
    trains: "on cpu",
  },
  {
    title: "BatchNormalization",
    model: () => chain([3], dense("a", 4), layers.batchNormalization({ name: "b" })),
    inputs: [[3]],
    recorded: { a: "1×4", b: "1×4" },
    includeLayers: ["BatchNormalization"],
  },
  {
    title: "BatchNormalization of a Conv1D's places",
    model: () =>
      chain([5, 2], layers.conv1d({ name: "a", ...window }), layers.batchNormalization({ name: "b" })),
    inputs: [[5, 2]],
    recorded: { a: "4×4", b: "4×4" },
    includeLayers: ["BatchNormalization"],
    trains: "on cpu",
  },
  {
    title: "LayerNormalization",
    model: () => chain([5, 3], dense("a", 4), layers.layerNormalization({ name: "b" })),
    inputs: [[5, 3]],
    recorded: { a: "5×4", b: "5×4" },
    includeLayers: ["b"],
  },
  {
    title: "a user's own layer with two outputs",
    model: () =>
      graph([[3]], ([x]) => {
        const [left, right] = all(new Halves({ name: "split" }), one(dense("a", 4), x));
        return one(layers.add(), [left, one(dense("b", 2), right)]);
      }),
    inputs: [[3]],
    recorded: { a: "1×4", "split-0": "1×2", "split-1": "1×2", b: "1×2" },
    includeLayers: ["Halves"],
  },
];

const MODELS: LayerCase[] = [
  {
    title: "Sequential in Sequential, first and later",
    model: () =>
      tf.sequential({
        layers: [
          tf.sequential({ name: "first", layers: [dense("a", 4, { inputShape: [3] }), dense("b", 4)] }),
          tf.sequential({ name: "later", layers: [dense("d", 2, { inputShape: [4] })] }),
          dense("c", 3),
        ],
      }),
    inputs: [[3]],
    recorded: { "first-a": "1×4", "first-b": "1×4", "later-d": "1×2", c: "1×3" },
  },
  {
    title: "a functional model with two outputs in another",
    model: () => {
      const inner = graph([[3]], ([x]) => {
        const trunk = one(dense("trunk", 5), x);
        return [one(dense("left", 2), trunk), one(dense("right", 4), trunk)];
      });
      inner.name = "inner";
      return graph([[3]], ([x]) => one(dense("out", 2), join(all(inner, x))));
    },
    inputs: [[3]],
    recorded: { "inner-trunk": "1×5", "inner-left": "1×2", "inner-right": "1×4", out: "1×2" },
  },
  {
    title: "an LSTM with its state, inside a model with two outputs inside another",
    model: () => {
      const inner = graph([[4, 2]], ([x]) => {
        const [steps, h, c] = all(layers.lstm({ ...units, returnSequences: true, returnState: true }), x);
        return [one(layers.flatten(), steps), join([h!, c!])];
      });
      inner.name = "inner";
      return graph([[4, 2]], ([x]) => one(dense("out", 2), join(all(inner, x))));
    },
    inputs: [[4, 2]],
    recorded: { "inner-a": "4×3", out: "1×2" },
  },
  {
    title: "a shared layer and a shared model: every use is recorded",
    model: () => {
      const shared = dense("shared", 3);
      const tower = tf.sequential({ name: "tower", layers: [dense("a", 2, { inputShape: [3] })] });
      return graph([[3], [3]], ([left, right]) =>
        join([one(tower, one(shared, left)), one(tower, one(shared, right))]),
      );
    },
    inputs: [[3], [3]],
    recorded: { shared: "2×3", "tower-a": "2×2" },
  },
  {
    title: "two inputs, two outputs",
    model: () =>
      graph([[3], [4, 3, 1]], ([x, image]) => {
        const maps = one(layers.flatten(), one(layers.conv2d({ name: "maps", ...window }), image));
        const joined = join([one(dense("a", 2), x), maps]);
        return [one(dense("b", 3), joined), one(dense("c", 1), joined)];
      }),
    inputs: [[3], [4, 3, 1]],
    recorded: { maps: "6×4", a: "1×2", b: "1×3", c: "1×1" },
    trains: "on cpu",
  },
];

export const LAYER_CASES: readonly LayerCase[] = [
  ...DENSE,
  ...CONVOLUTIONS,
  ...RECURRENT,
  ...WRAPPED,
  ...ON_REQUEST,
  ...MODELS,
];
