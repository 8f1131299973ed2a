import type { Phase } from "@delve/stats";
import type { Settings } from "../state/settings.js";

/** What the page says to the worker. */
export type Command =
  /** Begins a run: new data, new weights. What follows belongs to it until the next. */
  | { readonly type: "start"; readonly run: number; readonly settings: Settings }
  /** Lets training go on, or holds it at the end of the epoch under way, so that all that is shown is of the same weights. */
  | { readonly type: "train"; readonly on: boolean }
  /** Trains to the end of the epoch. */
  | { readonly type: "step" }
  /** Changes the learning rate of the run under way. */
  | { readonly type: "rate"; readonly rate: number }
  /** From now on, shows what comes of a projection of this layer onto so many axes. */
  | { readonly type: "project"; readonly layer: string; readonly axes: number }
  /**
   * For whoever wants to check a number: what a layer makes of the held-out samples now. Sent from a test or the console as
   * `playground.activations(layer)`.
   */
  | { readonly type: "activations"; readonly layer: string };

/** What the worker says to the page. All but `failed` name the run that they belong to. */
export type Report =
  | StartedReport
  | EpochReport
  | { readonly type: "progress"; readonly run: number; readonly share: number }
  | { readonly type: "training"; readonly run: number; readonly on: boolean }
  /** Training has ended for good: in this epoch, numbers grew past what float32 holds. */
  | { readonly type: "diverged"; readonly run: number; readonly epoch: number }
  | ProjectionReport
  | CurveReport
  | ActivationsReport
  | { readonly type: "failed"; readonly message: string };

/** The layers of a run and the data that it is drawn on. */
export interface StartedReport {
  readonly type: "started";
  readonly run: number;
  readonly layers: readonly { readonly name: string; readonly features: number }[];
  readonly trainCount: number;
  readonly heldOutCount: number;
  /** Held-out samples to draw: a few hundred points of a plane, a few digits. */
  readonly shown: ShownSamples;
}

/** Samples that are drawn. */
export interface ShownSamples {
  /** Numbers of one input. */
  readonly shape: readonly number[];
  readonly inputs: Float32Array;
  readonly classes: Uint8Array;
}

/** What is known at the end of an epoch; epoch 0 is before all training. */
export interface EpochReport {
  readonly type: "epoch";
  readonly run: number;
  readonly epoch: number;
  readonly scores: Readonly<Record<Phase, Score>>;
  readonly spectra: readonly LayerSpectrum[];
  readonly picture: Picture;
}

export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/** All that saturation at any threshold needs of one layer. */
export interface LayerSpectrum {
  readonly layer: string;
  readonly phase: Phase;
  readonly features: number;
  readonly samples: number;
  readonly undersampled: boolean;
  /** Descending. */
  readonly eigenvalues: Float64Array;
}

/** What the network says: at every place of a grid over the plane, or of every digit that is shown. */
export type Picture =
  | {
      readonly kind: "plane";
      /** Places along each side; the grid spans [−{@link PLANE_REACH}, {@link PLANE_REACH}]². */
      readonly side: number;
      /** How sure it is of class 1, row by row from the top. */
      readonly values: Float32Array;
    }
  | { readonly kind: "digits"; readonly readings: Uint8Array };

export const PLANE_REACH = 1.2;

/** The network with one layer projected, beside itself. */
export interface ProjectionReport {
  readonly type: "projection";
  readonly run: number;
  readonly epoch: number;
  readonly layer: string;
  readonly features: number;
  readonly axes: number;
  readonly full: ProjectedNetwork;
  readonly principal: ProjectedNetwork;
  readonly random: ProjectedNetwork;
}

export interface ProjectedNetwork {
  /** On the held-out samples. */
  readonly accuracy: number;
  readonly picture: Picture;
}

/** Accuracy on the held-out samples over the number of axes of a layer that are kept. */
export interface CurveReport {
  readonly type: "curve";
  readonly run: number;
  readonly epoch: number;
  readonly layer: string;
  readonly features: number;
  readonly axes: readonly number[];
  readonly principal: readonly number[];
  /** Mean of several random subspaces. */
  readonly random: readonly number[];
}

export interface ActivationsReport {
  readonly type: "activations";
  readonly run: number;
  readonly epoch: number;
  readonly layer: string;
  /** Of a dense layer samples × features; of a convolution samples × height × width × channels. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
