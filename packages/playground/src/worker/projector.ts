import type { SyncBackend } from "@delve/kernel";
import type { Projection } from "@delve/stats";
import { forward } from "./network.js";
import { pictureOf } from "./pictures.js";
import type { ProjectedNetwork, ProjectionCurve, ProjectionReport } from "./protocol.js";
import { scoreOf } from "./score.js";
import { projected, type Subspaces, subspacesOf } from "./subspaces.js";
import * as tf from "./tf.js";
import type { Trainer } from "./trainer.js";

/** Random subspaces that a point of the curve is the mean of. */
const RANDOM_SEEDS = [1, 2, 3] as const;
const CURVE_POINTS = 9;

/** What a layer makes of the samples that matter, at the weights of now. */
interface Activations {
  readonly heldOut: tf.Tensor;
  readonly picture: tf.Tensor;
}

/**
 * The network with one layer projected onto its first principal axes, and onto as many random ones. The axes come
 * from the training data, accuracy from the held-out ones.
 */
export function project(
  trainer: Trainer,
  backend: SyncBackend,
  layer: string,
  axes: number,
): Omit<ProjectionReport, "type" | "run"> {
  return trainer.unwatched(() => {
    const { model, train, heldOut, pictureInputs } = trainer;
    const end = placeOf(model, layer) + 1;
    const learnt = forward(model, train.inputs, 0, end);
    const subspaces = subspacesOf(backend, learnt);
    learnt.dispose();
    const activations = {
      heldOut: forward(model, heldOut.inputs, 0, end),
      picture: forward(model, pictureInputs, 0, end),
    };
    const rest = new Rest(trainer, end, activations);
    const kept = Math.min(axes, subspaces.features);
    const result = {
      epoch: trainer.epoch,
      layer,
      features: subspaces.features,
      axes: kept,
      full: rest.network(null),
      principal: rest.network(subspaces.principal(kept)),
      random: rest.network(subspaces.random(kept, RANDOM_SEEDS[0])),
      curve: curveOf(rest, subspaces),
    };
    tf.dispose(activations);
    return result;
  });
}

/** Place of a layer in its network. */
export function placeOf(model: tf.Sequential, name: string): number {
  return model.layers.findIndex((layer) => layer.name === name);
}

/** What comes after the projected layer. */
class Rest {
  readonly #trainer: Trainer;
  readonly #from: number;
  readonly #activations: Activations;

  constructor(trainer: Trainer, from: number, activations: Activations) {
    this.#trainer = trainer;
    this.#from = from;
    this.#activations = activations;
  }

  /** The network with this projection; as it is without one. */
  network(projection: Projection | null): ProjectedNetwork {
    const picture = this.#classify(this.#activations.picture, projection);
    const result = { accuracy: this.accuracy(projection), picture: pictureOf(picture) };
    picture.dispose();
    return result;
  }

  accuracy(projection: Projection | null): number {
    const probabilities = this.#classify(this.#activations.heldOut, projection);
    const { accuracy } = scoreOf(probabilities, this.#trainer.dataset.heldOut.classes);
    probabilities.dispose();
    return accuracy;
  }

  #classify(activations: tf.Tensor, projection: Projection | null): tf.Tensor {
    const { model } = this.#trainer;
    const moved = projection === null ? activations.clone() : projected(activations, projection);
    const probabilities = forward(model, moved, this.#from, model.layers.length);
    moved.dispose();
    return probabilities;
  }
}

function curveOf(rest: Rest, { features, principal, random }: Subspaces): ProjectionCurve {
  const axes = curveAxes(features);
  const meanOfRandom = (count: number) =>
    RANDOM_SEEDS.reduce((sum, seed) => sum + rest.accuracy(random(count, seed)), 0) / RANDOM_SEEDS.length;
  return {
    axes,
    principal: axes.map((count) => rest.accuracy(principal(count))),
    random: axes.map(meanOfRandom),
  };
}

/**
 * Numbers of axes to try, from one to all, denser where there are few.
 *
 * @example
 * curveAxes(4); // [1, 2, 3, 4]
 */
export function curveAxes(features: number): number[] {
  const points = Array.from({ length: CURVE_POINTS }, (_, i) => features ** (i / (CURVE_POINTS - 1)));
  return [...new Set(points.map(Math.round))];
}
