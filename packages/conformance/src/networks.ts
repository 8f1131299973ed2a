import { fixturePath, readCase, readFloats } from "./fixtures.js";
import type { NpyArray } from "./npy.js";

/** A trained network, its inputs, and what Delve says of its layers over one pass in eval mode. */
export interface NetworkCase {
  readonly name: string;
  /** Path of the ONNX model: input `input` (n, 1, 8, 8) float32, output `logits`. */
  readonly model: string;
  /** The digits it was given, (n, 1, 8, 8). */
  readonly input: NpyArray & { readonly data: Float32Array | Float64Array };
  /** What PyTorch computed, (n, 10). */
  readonly logits: NpyArray & { readonly data: Float32Array | Float64Array };
  /** Share of the inputs that PyTorch classified rightly, in [0, 1]. */
  readonly accuracy: number;
  /** Images in one forward pass. */
  readonly batch: number;
  readonly layers: readonly NetworkLayer[];
}

/** One layer: values before the activation; convolutions by channel, an LSTM's last time step. */
export interface NetworkLayer {
  /** PyTorch's module name (`features.0`). */
  readonly layer: string;
  /** PyTorch's class. */
  readonly type: "Conv2d" | "Linear" | "LSTM";
  /** Samples accumulated. */
  readonly n: number;
  /** Features. */
  readonly d: number;
  /** Row-major, d × d. */
  readonly covariance: Float64Array;
  readonly trace: number;
  /** Descending. */
  readonly eigenvalues: readonly number[];
  readonly thresholds: readonly NetworkThreshold[];
}

/** Intrinsic dimensionality at one threshold. */
export interface NetworkThreshold {
  readonly threshold: number;
  /** As Delve documents it: the least k whose share reaches the threshold. */
  readonly idim_documented: number;
  /** As Delve computes it. */
  readonly idim_delve: number;
  readonly lsat_delve: number;
  /** Distance of the nearest cumulative share from the threshold. */
  readonly margin: number;
}

/** The networks `mlp`, `vgg` and `lstm`, trained with PyTorch on handwritten digits. */
export function networkCases(): NetworkCase[] {
  return readCase<string[]>("networks/index.json").map(networkCase);
}

function networkCase(name: string): NetworkCase {
  const folder = `networks/${name}`;
  interface Stored {
    accuracy: number;
    batch: number;
    layers: (Omit<NetworkLayer, "covariance"> & { cov: string })[];
  }
  const { accuracy, batch, layers } = readCase<Stored>(`${folder}/expected.json`);
  return {
    name,
    model: fixturePath(`${folder}/model.onnx`),
    input: readFloats(`${folder}/input.npy`),
    logits: readFloats(`${folder}/logits.npy`),
    accuracy,
    batch,
    layers: layers.map(({ cov, ...layer }) => ({
      ...layer,
      covariance: Float64Array.from(readFloats(`${folder}/${cov}`).data),
    })),
  };
}
