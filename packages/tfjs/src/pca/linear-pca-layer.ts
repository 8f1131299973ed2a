import { type SampleMatrix, ShapeError } from "@delve/kernel";
import { MEAN_MODES, type MeanMode, type RvsOptions, unknownName } from "@delve/stats";
import type { Values } from "../readback.js";
import { isRepeating } from "../repeats.js";
import type { Tensor } from "../types.js";
import type { Kwargs, LayerBase, LayerVariable, LinearPcaLayerArgs, PcaLayer, Shape } from "./pca-types.js";
import { type PcaContext, PcaUnit } from "./pca-unit.js";

/** What a subclass replaces: where features stand, and how batches become samples. */
interface PcaLayerHooks {
  /** Centering when the arguments do not say. */
  readonly defaultCentering: boolean;
  /** Place of the features among `rank` axes. */
  featureAxis(rank: number): number;
  samplesOf(values: Values): SampleMatrix;
}

/** A layer of the class, as its subclass sees it. */
export type LinearPcaLayerInstance = LayerBase & PcaLayer & PcaLayerHooks;
export type LinearPcaLayerClass = new (args?: LinearPcaLayerArgs) => LinearPcaLayerInstance;

/** The class `LinearPCALayer`, over the `Layer` of the context's TensorFlow.js. */
export function linearPcaLayerClass(context: PcaContext): LinearPcaLayerClass {
  const { tf } = context;
  const Base = tf.layers.Layer as unknown as new (args: LinearPcaLayerArgs) => LayerBase;

  return class LinearPCALayer extends Base implements PcaLayer, PcaLayerHooks {
    static readonly className: string = "LinearPCALayer";

    readonly keepdim: boolean;
    readonly mean: MeanMode;
    readonly gradientEpochStart: number | null;
    verbose: boolean;
    #threshold: number;
    #centering: boolean;
    #unit: PcaUnit | null = null;

    constructor(args: LinearPcaLayerArgs = {}) {
      super(args);
      const {
        threshold = 0.99,
        keepdim = true,
        mean = "keep",
        gradientEpochStart = null,
        verbose = false,
      } = args;
      checkArguments(this.name, { threshold, mean, gradientEpochStart });
      this.#threshold = threshold;
      this.#centering = args.centering ?? this.defaultCentering;
      this.keepdim = keepdim;
      this.mean = mean;
      this.gradientEpochStart = gradientEpochStart;
      this.verbose = verbose;
      this.supportsMasking = true;
    }

    get defaultCentering(): boolean {
      return true;
    }

    get threshold(): number {
      return this.#threshold;
    }

    set threshold(threshold: number) {
      checkThreshold(this.name, threshold);
      this.#threshold = threshold;
      this.#unit?.change((subspace) => {
        subspace.threshold = threshold;
      });
    }

    get centering(): boolean {
      return this.#centering;
    }

    set centering(centering: boolean) {
      this.#centering = centering;
      this.#unit?.change((subspace) => {
        subspace.centering = centering;
      });
    }

    get pcaComputed(): boolean {
      return this.#subspace?.isClosed ?? false;
    }

    get epoch(): number {
      return this.#subspace?.epoch ?? 0;
    }

    get seenSamples(): number {
      return this.#subspace?.count ?? 0;
    }

    get inDim(): number {
      return this.#built().subspace.rank;
    }

    get fsDim(): number {
      return this.#built().subspace.features;
    }

    get saturation(): number {
      return this.inDim / this.fsDim;
    }

    get waiting(): number {
      return this.#unit?.waiting ?? 0;
    }

    refresh(): Promise<void> {
      return this.#built().refresh();
    }

    injectRandomDirections(options?: RvsOptions): void {
      this.#built().injectRandomDirections(options);
    }

    override build(inputShape: Shape | Shape[]): void {
      const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
      const axis = this.featureAxis(shape.length);
      const features = shape[axis];
      if (typeof features !== "number") {
        throw new ShapeError(
          `${this.name}: needs a known number of features, got shape [${shape.join(", ")}]`,
        );
      }
      const { keepdim, mean } = this;
      const [threshold, centering] = [this.#threshold, this.#centering];
      const isVerbose = () => this.verbose;
      this.#unit = new PcaUnit(context, this, { features, keepdim, mean, threshold, centering, isVerbose });
      this.inputSpec = [{ ndim: shape.length, axes: { [axis]: features } }];
      super.build(inputShape);
    }

    call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const unit = this.#built();
      const training = kwargs?.["training"] ?? tf.engine().state.gradientDepth > 0;
      if (training && !isRepeating()) unit.observe(x, (values) => this.samplesOf(values));
      if (!training) unit.conclude();
      const projects = training ? unit.subspace.epoch >= (this.gradientEpochStart ?? Infinity) : true;
      return projects && unit.isProjecting ? tf.tidy(() => this.#project(unit, x)) : x;
    }

    computeOutputShape(inputShape: Shape): Shape {
      // How many coordinates there will be, only the samples know.
      return this.keepdim ? inputShape : [...inputShape.slice(0, -1), null];
    }

    override getConfig(): Record<string, unknown> {
      const { threshold, keepdim, centering, mean, gradientEpochStart, verbose } = this;
      return { ...super.getConfig(), threshold, keepdim, centering, mean, gradientEpochStart, verbose };
    }

    // Whoever looks at the weights (to save, copy or count them) finds the state in step.
    override get nonTrainableWeights(): LayerVariable[] {
      this.#unit?.store();
      return super.nonTrainableWeights;
    }

    override set nonTrainableWeights(weights: LayerVariable[]) {
      super.nonTrainableWeights = weights;
    }

    override disposeWeights(): number {
      this.#unit?.dispose();
      // Looked at once more on the way, the weights would be brought in step.
      this.#unit = null;
      return super.disposeWeights();
    }

    featureAxis(rank: number): number {
      return rank - 1;
    }

    samplesOf({ data, shape }: Values): SampleMatrix {
      const features = shape.at(-1)!;
      const values = asFloats(data);
      return {
        data: values,
        rows: values.length / features,
        features,
        rowStride: features,
        featureStride: 1,
      };
    }

    /** Rows of features, projected, in the place of the features. */
    #project(unit: PcaUnit, x: Tensor): Tensor {
      const axis = this.featureAxis(x.shape.length);
      const places = [...x.shape.keys()].filter((i) => i !== axis);
      const isLast = axis === places.length;
      const moved = isLast ? x : tf.transpose(x, [...places, axis]);
      const features = moved.shape.at(-1)!;
      const projected = unit.project(tf.reshape(moved, [-1, features]));
      const back = tf.reshape(projected, [...moved.shape.slice(0, -1), projected.shape[1]!]);
      if (isLast) return back;
      const order = [...places.keys()];
      order.splice(axis, 0, places.length);
      return tf.transpose(back, order);
    }

    /** The subspace, with what was loaded into the weights. */
    get #subspace() {
      this.#unit?.synchronise();
      return this.#unit?.subspace;
    }

    #built(): PcaUnit {
      if (this.#unit === null)
        throw new Error(`${this.name}: must be built first; a model builds its layers`);
      this.#unit.synchronise();
      return this.#unit;
    }
  };
}

/** What has been read of a tensor, as floats. */
export function asFloats(data: ArrayLike<number>): Float32Array | Float64Array {
  return data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
}

function checkArguments(
  name: string,
  {
    threshold,
    mean,
    gradientEpochStart,
  }: { threshold: number; mean: MeanMode; gradientEpochStart: number | null },
): void {
  checkThreshold(name, threshold);
  if (!MEAN_MODES.includes(mean)) throw unknownName(`${name}.mean`, mean, MEAN_MODES);
  if (gradientEpochStart !== null && !(gradientEpochStart >= 0)) {
    throw new RangeError(`${name}: gradientEpochStart must be 0 or more, or null, got ${gradientEpochStart}`);
  }
}

function checkThreshold(name: string, threshold: number): void {
  if (threshold > 0 && threshold <= 1) return;
  throw new RangeError(`${name}: threshold must be in (0, 1], got ${threshold}`);
}
