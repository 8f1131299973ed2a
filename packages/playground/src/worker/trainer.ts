import { NonFiniteError, type SyncBackend } from "@delve/kernel";
import { consoleLog, type Log, type Phase, type SaveRecord } from "@delve/stats";
import { SaturationTracker } from "@delve/tfjs";
import { countOf, type Dataset, type Samples } from "../problems/dataset.js";
import { loadDataset } from "../problems/load.js";
import { type Random, seededRandom, shuffled } from "../problems/random.js";
import type { Settings } from "../state/settings.js";
import { buildNetwork } from "./network.js";
import { pictureInputs, pictureOf } from "./pictures.js";
import type { EpochReport, LayerSpectrum, Score } from "./protocol.js";
import { scoreOf } from "./score.js";
import * as tf from "./tf.js";

const BATCH = 32;
/** Of passes without training; bounds the memory that maps of a convolution take. */
const LARGE_BATCH = 64;

/** What comes out of an epoch, but for the run that it belongs to. */
export type Epoch = Omit<EpochReport, "type" | "run">;

/** A step of training: how much of the epoch is done, and, where it is over, what came of it. */
export interface Step {
  readonly share: number;
  readonly epoch?: Epoch;
}

/** What a trainer is put together from. */
interface Parts {
  readonly settings: Settings;
  readonly dataset: Dataset;
  readonly model: tf.Sequential;
  readonly tracker: SaturationTracker;
  readonly overflow: Overflow;
}

/** Hears delve say that a layer has put out what is not finite: the loss alone might not show it. */
class Overflow {
  isSeen = false;
  readonly log: Log = (level, message, fields = {}) => {
    if (fields["error"] instanceof NonFiniteError) this.isSeen = true;
    // What follows from it is no news.
    else if (!this.isSeen) consoleLog(level, message, fields);
  };
}

/** A set of samples as tensors; targets are one-hot. */
type Tensors = Readonly<Record<"inputs" | "targets", tf.Tensor>>;

/**
 * One network, its data, and delve watching: training in steps that the caller asks for, so that it can stop, look,
 * or change its mind after each batch.
 */
export class Trainer {
  readonly dataset: Dataset;
  readonly model: tf.Sequential;
  readonly train: Tensors;
  readonly heldOut: Tensors;
  readonly pictureInputs: tf.Tensor;
  readonly #tracker: SaturationTracker;
  readonly #overflow: Overflow;
  readonly #random: Random;
  #epoch = 0;

  static async open(settings: Settings, backend: SyncBackend): Promise<Trainer> {
    const dataset = await loadDataset(settings);
    const model = buildNetwork(settings, dataset);
    const overflow = new Overflow();
    // The spectrum is enough: whoever looks chooses the threshold later.
    const options = { stats: ["spectrum"], logger: overflow.log } as const;
    const tracker = await SaturationTracker.open({ tf, model, backend, ...options });
    return new Trainer({ settings, dataset, model, tracker, overflow });
  }

  private constructor({ settings, dataset, model, tracker, overflow }: Parts) {
    this.dataset = dataset;
    this.model = model;
    this.#tracker = tracker;
    this.#overflow = overflow;
    this.#random = seededRandom(settings.seed);
    this.train = tensorsOf(dataset.train, dataset);
    this.heldOut = tensorsOf(dataset.heldOut, dataset);
    this.pictureInputs = pictureInputs(dataset);
  }

  /** Epochs that training has been through. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether numbers have grown past what float32 holds: these weights are lost. */
  get hasDiverged(): boolean {
    return this.#overflow.isSeen;
  }

  /** Layers that are watched, in order of the forward pass. */
  get layers(): { readonly name: string; readonly features: number }[] {
    return this.#tracker.layers.map((name) => {
      const features = this.model.getLayer(name).outputShape.at(-1) as number;
      return { name, features };
    });
  }

  set rate(rate: number) {
    (this.model.optimizer as unknown as { learningRate: number }).learningRate = rate;
  }

  /** Epoch 0, in which nothing is learnt, and then epoch after epoch; ends only where training diverges. */
  async *steps(): AsyncGenerator<Step, void> {
    const first = await this.#endOf(0, this.#lookAtTrainingData());
    if (!this.hasDiverged) yield { share: 1, epoch: first };
    while (!this.hasDiverged) yield* this.#stepsOfEpoch(this.#epoch + 1);
  }

  async *#stepsOfEpoch(epoch: number): AsyncGenerator<Step, void> {
    const scores: Score[] = [];
    for (const { share, batch } of this.#batches()) {
      scores.push(await this.#learn(batch));
      if (this.hasDiverged) return;
      if (share < 1) yield { share };
    }
    const end = await this.#endOf(epoch, meanScore(scores));
    if (this.hasDiverged) return;
    this.#epoch = epoch;
    yield { share: 1, epoch: end };
  }

  /** Lets `look` use the network without delve counting its passes. */
  unwatched<T>(look: () => T): T {
    this.#tracker.stop();
    try {
      return look();
    } finally {
      this.#tracker.resume();
    }
  }

  async close(): Promise<void> {
    await this.#tracker.close();
    tf.dispose([this.train, this.heldOut, this.pictureInputs]);
    // A model leaves an optimizer that was handed in alone.
    this.model.optimizer.dispose();
    this.model.dispose();
  }

  *#batches(): Generator<{ readonly share: number; readonly batch: Tensors }> {
    const count = countOf(this.dataset.train);
    const order = Int32Array.from(shuffled(Array(count).keys(), this.#random));
    for (let start = 0; start < count; start += BATCH) {
      const rows = tf.tensor1d(order.subarray(start, start + BATCH), "int32");
      const { inputs, targets } = this.train;
      const batch = { inputs: tf.gather(inputs, rows), targets: tf.gather(targets, rows) };
      try {
        yield { share: Math.min(1, (start + BATCH) / count), batch };
      } finally {
        // Also where nobody asks for the next one.
        tf.dispose([rows, batch]);
      }
    }
  }

  async #learn({ inputs, targets }: Tensors): Promise<Score> {
    const [loss, accuracy] = (await this.model.trainOnBatch(inputs, targets)) as number[];
    return { loss: loss!, accuracy: accuracy! };
  }

  async #endOf(epoch: number, train: Score): Promise<Epoch> {
    const heldOut = this.#predict(this.heldOut.inputs);
    const scores: Record<Phase, Score> = { train, eval: scoreOf(heldOut, this.dataset.heldOut.classes) };
    const picture = this.unwatched(() => this.#predict(this.pictureInputs));
    await this.#tracker.addSaturations();
    const result = { epoch, scores, spectra: spectraOf(this.#tracker.latest!), picture: pictureOf(picture) };
    tf.dispose([heldOut, picture]);
    return result;
  }

  #predict(inputs: tf.Tensor): tf.Tensor {
    return this.model.predict(inputs, { batchSize: LARGE_BATCH }) as tf.Tensor;
  }

  /** A pass that counts as one of training, for what the layers do with these data before they have learnt anything. */
  #lookAtTrainingData(): Score {
    const { inputs } = this.train;
    const { classes } = this.dataset.train;
    const starts = Array.from({ length: Math.ceil(classes.length / LARGE_BATCH) }, (_, i) => i * LARGE_BATCH);
    const parts = starts.map((start) =>
      tf.tidy(() => {
        const batch = tf.slice(inputs, start, Math.min(LARGE_BATCH, classes.length - start));
        return this.model.apply(batch, { training: true }) as tf.Tensor;
      }),
    );
    const all = tf.concat(parts);
    const score = scoreOf(all, classes);
    tf.dispose([all, ...parts]);
    return score;
  }
}

function tensorsOf({ inputs, classes }: Samples, { shape, classes: count }: Dataset): Tensors {
  return {
    inputs: tf.tensor(inputs, [classes.length, ...shape]),
    targets: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, "int32"), count), "float32")),
  };
}

function meanScore(scores: readonly Score[]): Score {
  const mean = (key: keyof Score) => scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
  return { loss: mean("loss"), accuracy: mean("accuracy") };
}

function spectraOf({ records }: SaveRecord): LayerSpectrum[] {
  return records.flatMap((record) => {
    if (record.kind !== "stat" || typeof record.value !== "object" || record.value === null) return [];
    const { layer, phase, features, samples, undersampled, value } = record;
    return [{ layer, phase, features, samples, undersampled, eigenvalues: value.data }];
  });
}
