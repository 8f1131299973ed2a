// Every way to run a model, and in which phase its batches then count.
import { tf } from "./support.js";

/** A model and what it is run on. */
export interface RunData {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor[];
  readonly y: tf.Tensor[];
  readonly batchSize: number;
}

/** A way to run a model on its data. */
export interface RunPath {
  readonly title: string;
  /** How many times each batch entry is seen in training, and how many times in evaluation. */
  readonly train: number;
  readonly eval: number;
  /** Whether gradients are computed. */
  readonly gradient?: true;
  readonly run: (data: RunData) => unknown;
}

/** What tfjs takes: one tensor, or a list. */
const plain = <T>(tensors: T[]): T | T[] => (tensors.length === 1 ? tensors[0]! : tensors);

const fitOptions = ({ batchSize }: RunData) => ({ batchSize, shuffle: false, verbose: 0 });

function* batchesOf(data: RunData): Generator<RunData> {
  for (let from = 0; from < data.x[0]!.shape[0]!; from += data.batchSize) {
    const part = (tensors: tf.Tensor[]) => tensors.map((tensor) => tf.slice(tensor, from, data.batchSize));
    yield { ...data, x: part(data.x), y: part(data.y) };
  }
}

/** A loop of one's own, batch by batch. */
async function eachBatch(data: RunData, step: (batch: RunData) => unknown): Promise<void> {
  for (const batch of batchesOf(data)) {
    tf.dispose((await step(batch)) as tf.TensorContainer);
    tf.dispose([batch.x, batch.y]);
  }
}

const dataset = (data: RunData): tf.data.Dataset<never> =>
  tf.data.generator(function* () {
    for (const { x, y } of batchesOf(data)) yield { xs: plain(x), ys: plain(y) };
  } as never) as never;

function lossOf({ model, x, y }: RunData, training?: boolean): tf.Scalar {
  // Options of its own for each pass: tfjs leaves the state of recurrent layers in them.
  const outputs = [
    model.apply(plain(x), training === undefined ? undefined : { training }),
  ].flat() as tf.Tensor[];
  return tf.addN(outputs.map((output, i) => tf.losses.meanSquaredError(y[i]!, output))) as tf.Scalar;
}

const minimize =
  (training?: boolean) =>
  async (data: RunData): Promise<void> => {
    const optimizer = tf.train.sgd(0.01);
    await eachBatch(data, (batch) => void optimizer.minimize(() => lossOf(batch, training)));
    optimizer.dispose();
  };

export const RUN_PATHS: readonly RunPath[] = [
  {
    title: "fit",
    train: 1,
    eval: 0,
    gradient: true,
    run: (data) => data.model.fit(plain(data.x), plain(data.y), fitOptions(data)),
  },
  {
    title: "fit with validation",
    train: 1,
    eval: 1,
    gradient: true,
    run: (data) => {
      const validationData = [plain(data.x), plain(data.y)] as [tf.Tensor, tf.Tensor];
      return data.model.fit(plain(data.x), plain(data.y), { ...fitOptions(data), validationData });
    },
  },
  {
    title: "fitDataset with validation",
    train: 1,
    eval: 1,
    gradient: true,
    run: (data) => data.model.fitDataset(dataset(data), { epochs: 1, validationData: dataset(data) }),
  },
  {
    title: "trainOnBatch",
    train: 1,
    eval: 0,
    gradient: true,
    run: (data) => eachBatch(data, ({ model, x, y }) => model.trainOnBatch(plain(x), plain(y))),
  },
  {
    title: "a loop with optimizer.minimize",
    train: 1,
    eval: 0,
    gradient: true,
    run: minimize(true),
  },
  {
    title: "a loop that forgets the training flag",
    train: 1,
    eval: 0,
    gradient: true,
    run: minimize(),
  },
  {
    title: "apply, as training",
    train: 1,
    eval: 0,
    run: (data) => eachBatch(data, ({ model, x }) => model.apply(plain(x), { training: true })),
  },
  {
    title: "evaluate",
    train: 0,
    eval: 1,
    run: ({ model, x, y, batchSize }) => tf.dispose(model.evaluate(plain(x), plain(y), { batchSize })),
  },
  {
    title: "evaluateDataset",
    train: 0,
    eval: 1,
    run: async (data) => tf.dispose(await data.model.evaluateDataset(dataset(data), {})),
  },
  {
    title: "predict",
    train: 0,
    eval: 1,
    run: ({ model, x, batchSize }) => tf.dispose(model.predict(plain(x), { batchSize })),
  },
  {
    title: "predictOnBatch",
    train: 0,
    eval: 1,
    run: (data) => eachBatch(data, ({ model, x }) => model.predictOnBatch(plain(x))),
  },
  {
    title: "apply in tidy, the same tensors twice",
    train: 0,
    eval: 2,
    run: (data) =>
      eachBatch(data, ({ model, x }) => {
        for (let pass = 0; pass < 2; pass++) tf.tidy(() => void model.apply(plain(x)));
      }),
  },
];
