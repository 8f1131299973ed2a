import { PcaSubspace, type Projection, projectionMatrix } from "@delve/stats";
import type { Tensor } from "../types.js";
import { packBytes, packedLength, unpackBytes } from "./packed-bytes.js";
import type { LayerBase, LayerVariable, PcaOperations } from "./pca-types.js";

/**
 * The weights of a PCA layer, none of them trainable: what it projects with, in float32, and the state that this
 * came from, in float64. They are saved, loaded and copied like those of any other layer.
 */
export class PcaWeights {
  readonly #tf: PcaOperations;
  readonly #features: number;
  /** Whether `kernel` holds the axes as columns rather than the matrix of the projection. */
  readonly #axesOnly: boolean;
  readonly #kernel: LayerVariable;
  readonly #mean: LayerVariable;
  readonly #state: LayerVariable;
  /** What `state` held when it was read or written last: another one has come from outside. */
  #known: object;

  constructor(tf: PcaOperations, layer: LayerBase, features: number, axesOnly: boolean) {
    const add = (name: string, ...shape: number[]): LayerVariable =>
      layer.addWeight(name, shape, "float32", tf.initializers.zeros(), undefined, false);
    this.#tf = tf;
    this.#features = features;
    this.#axesOnly = axesOnly;
    this.#kernel = add("projection", features, features);
    this.#mean = add("mean", features);
    this.#state = add("state", packedLength(PcaSubspace.encodedLength(features)));
    this.#known = this.#state.read().dataId;
  }

  /** Moves rows of features onto the subspace, in float32. */
  project(rows: Tensor, { rank, isAffine }: PcaSubspace): Tensor {
    const tf = this.#tf;
    const mean = this.#mean.read();
    const kernel = this.#axesOnly
      ? tf.slice(this.#kernel.read(), [0, 0], [this.#features, rank])
      : this.#kernel.read();
    const projected = tf.matMul(isAffine ? tf.sub(rows, mean) : rows, kernel);
    return isAffine && !this.#axesOnly ? tf.add(projected, mean) : projected;
  }

  writeProjection(projection: Projection): void {
    const d = this.#features;
    const kernel = this.#axesOnly ? axesAsColumns(projection) : projectionMatrix(projection);
    this.#write(this.#kernel, kernel, [d, d]);
    this.#write(this.#mean, projection.center, [d]);
  }

  /** Whether the state is one that was neither read nor written here: the weights have been loaded or set. */
  get isForeign(): boolean {
    return this.#state.read().dataId !== this.#known;
  }

  /**
   * What `writeState` was given, here or in another life of the layer; `null` if it never was. Foreign until
   * `acknowledge`.
   */
  readState(): Uint8Array | null {
    // Never an operand: the values have not left the processor's memory, on whatever backend.
    const numbers = this.#state.read().dataSync();
    if (Array.prototype.every.call(numbers, (number) => number === 0)) return null;
    return unpackBytes(numbers, PcaSubspace.encodedLength(this.#features));
  }

  /** The state that is there has been taken up. */
  acknowledge(): void {
    this.#known = this.#state.read().dataId;
  }

  writeState(bytes: Uint8Array): void {
    const numbers = packBytes(bytes);
    this.#write(this.#state, numbers, [numbers.length]);
    this.acknowledge();
  }

  #write(variable: LayerVariable, values: Float32Array | Float64Array, shape: number[]): void {
    const tf = this.#tf;
    const value = tf.tensor(Float32Array.from(values), shape);
    variable.write(value);
    value.dispose();
  }
}

/** The axes as columns of a features × features matrix, zeros behind the last. */
function axesAsColumns({ features: d, rank, axes }: Projection): Float64Array {
  const matrix = new Float64Array(d * d);
  for (let k = 0; k < rank; k++) {
    for (let f = 0; f < d; f++) matrix[f * d + k] = axes[k * d + f]!;
  }
  return matrix;
}
