import type { SyncBackend } from "@delve/kernel";
import type { Projection } from "@delve/stats";
import { forward } from "./network.js";
import { pictureOf } from "./pictures.js";
import type { CurveReport, ProjectedNetwork, ProjectionReport } from "./protocol.js";
import { scoreOf } from "./score.js";
import { projected, type Subspaces, subspacesOf } from "./subspaces.js";
import * as tf from "./tf.js";
import type { Trainer } from "./trainer.js";

/** Random subspaces that a point of the curve is the mean of. */
const RANDOM_SEEDS = [1, 2, 3] as const;
const CURVE_POINTS = 9;

/** The pictures and accuracies of one projection, but for the run that they belong to. */
export type Projected = Omit<ProjectionReport, "type" | "run">;

/** Accuracy over the number of axes, but for the run that it belongs to. */
export type Curve = Omit<CurveReport, "type" | "run">;

/**
 * The network with one layer projected onto its first principal axes, and onto as many random ones, at the weights of
 * the moment: nobody may train it before `dispose`. The axes come from the training data, accuracy from the held-out
 * ones.
 */
export class Projector {
  readonly layer: string;
  readonly #trainer: Trainer;
  readonly #subspaces: Subspaces;
  /** Place of the first layer that the projected values go into. */
  readonly #next: number;
  /** What the layer makes of the samples that matter. */
  readonly #heldOut: tf.Tensor;
  readonly #picture: tf.Tensor;
  readonly #full: ProjectedNetwork;

  constructor(trainer: Trainer, backend: SyncBackend, layer: string) {
    this.layer = layer;
    this.#trainer = trainer;
    this.#next = placeOf(trainer.model, layer) + 1;
    this.#subspaces = this.#unwatched((model) => {
      const learnt = forward(model, trainer.train.inputs, 0, this.#next);
      const subspaces = subspacesOf(backend, learnt);
      learnt.dispose();
      return subspaces;
    });
    const seen = (inputs: tf.Tensor) => this.#unwatched((model) => forward(model, inputs, 0, this.#next));
    this.#heldOut = seen(trainer.heldOut.inputs);
    this.#picture = seen(trainer.pictureInputs);
    this.#full = this.#network(null);
  }

  /** The network as it is, and with as many axes kept of either kind; no more than there are. */
  at(axes: number): Projected {
    const { features, principal, random } = this.#subspaces;
    const kept = Math.min(axes, features);
    return {
      epoch: this.#trainer.epoch,
      layer: this.layer,
      features,
      axes: kept,
      full: this.#full,
      principal: this.#network(principal(kept)),
      random: this.#network(random(kept, RANDOM_SEEDS[0])),
    };
  }

  /** The accuracy over the number of axes kept. Yields after each pass, so that whoever asks for the next can do something else first. */
  *curve(): Generator<void, Curve> {
    const { features, principal, random } = this.#subspaces;
    const axes = curveAxes(features);
    const curve = { axes, principal: [] as number[], random: [] as number[] };
    for (const count of axes) {
      curve.principal.push(this.#accuracy(principal(count)));
      yield;
      let sum = 0;
      for (const seed of RANDOM_SEEDS) {
        sum += this.#accuracy(random(count, seed));
        yield;
      }
      curve.random.push(sum / RANDOM_SEEDS.length);
    }
    return { epoch: this.#trainer.epoch, layer: this.layer, features, ...curve };
  }

  dispose(): void {
    tf.dispose([this.#heldOut, this.#picture]);
  }

  /** The network with this projection; as it is without one. */
  #network(projection: Projection | null): ProjectedNetwork {
    const picture = this.#classify(this.#picture, projection);
    const result = { accuracy: this.#accuracy(projection), picture: pictureOf(picture) };
    picture.dispose();
    return result;
  }

  #accuracy(projection: Projection | null): number {
    const probabilities = this.#classify(this.#heldOut, projection);
    const { accuracy } = scoreOf(probabilities, this.#trainer.dataset.heldOut.classes);
    probabilities.dispose();
    return accuracy;
  }

  #classify(activations: tf.Tensor, projection: Projection | null): tf.Tensor {
    const moved = projection === null ? activations.clone() : projected(activations, projection);
    const probabilities = this.#unwatched((model) => forward(model, moved, this.#next, model.layers.length));
    moved.dispose();
    return probabilities;
  }

  #unwatched<T>(look: (model: tf.Sequential) => T): T {
    return this.#trainer.unwatched(() => look(this.#trainer.model));
  }
}

/** Place of a layer in its network. */
export function placeOf(model: tf.Sequential, name: string): number {
  return model.layers.findIndex((layer) => layer.name === name);
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
