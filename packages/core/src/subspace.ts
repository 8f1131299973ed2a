import { type Projection, project, projectionCoordinates } from "@delve/stats/statistics";
import { asSamples } from "./input/as-samples.js";
import type { MatrixInput } from "./input/matrix-input.js";
import { Matrix } from "./matrix.js";

/** Which subspace `pca` finds. */
export interface PcaOptions {
  /**
   * Share of the variance that it carries, in (0, 1]; 0.99 when left out. As in Delve's PCA layers it may fall short of
   * it by up to 0.02, where one direction more would not make up for that.
   */
  readonly threshold?: number | undefined;
  /** Dimensions that it has, whatever their share; not together with `threshold`. */
  readonly rank?: number | undefined;
  /** Through the mean (default); without, through zero, by the second moment Σ x xᵀ/n. */
  readonly center?: boolean | undefined;
}

/** The subspace in which a matrix varies most, to project others onto. Made by `pca`. */
export class PrincipalSubspace {
  readonly #projection: Projection;

  constructor(projection: Projection) {
    this.#projection = projection;
  }

  /** Its dimensions. */
  get rank(): number {
    return this.#projection.rank;
  }

  get features(): number {
    return this.#projection.features;
  }

  /** Its orthonormal axes as rows, by falling variance, each with its largest component positive; rank × features. */
  get axes(): Matrix {
    return new Matrix(this.#projection.axes.slice(), [this.rank, this.features]);
  }

  /** The point of it that samples are measured from: the mean, or zeros. */
  get center(): Float64Array {
    return this.#projection.center.slice();
  }

  /**
   * The rows of `x` where they come to lie in the subspace, in all their features.
   *
   * @throws {ShapeError} If `x` is not a matrix of as many features.
   */
  project(x: MatrixInput): Matrix {
    const { data, rows, columns } = project(this.#projection, asSamples("PrincipalSubspace.project", x));
    return new Matrix(data, [rows, columns]);
  }

  /**
   * The rows of `x` by their coordinates along the axes: fewer numbers, the same distances within the subspace.
   *
   * @throws {ShapeError} If `x` is not a matrix of as many features.
   */
  coordinates(x: MatrixInput): Matrix {
    const samples = asSamples("PrincipalSubspace.coordinates", x);
    const { data, rows, columns } = projectionCoordinates(this.#projection, samples);
    return new Matrix(data, [rows, columns]);
  }
}
