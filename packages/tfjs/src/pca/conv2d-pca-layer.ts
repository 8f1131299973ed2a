import { type SampleMatrix, ShapeError } from "@delve/kernel";
import { interpolate, type LayerOutput, sampleMatrixOf, unknownName } from "@delve/stats";
import type { Values } from "../readback.js";
import { asFloats, type LinearPcaLayerClass, type LinearPcaLayerInstance } from "./linear-pca-layer.js";
import type { Conv2DPcaLayer, Conv2DPcaLayerArgs } from "./pca-types.js";

const DATA_FORMATS = ["channelsLast", "channelsFirst"] as const;

/** The class `Conv2DPCALayer`, a linear one with every place of its feature maps as a sample. */
export function convPcaLayerClass(
  LinearPCALayer: LinearPcaLayerClass,
): new (
  args?: Conv2DPcaLayerArgs,
) => LinearPcaLayerInstance & Conv2DPcaLayer {
  return class Conv2DPCALayer extends LinearPCALayer implements Conv2DPcaLayer {
    static readonly className: string = "Conv2DPCALayer";

    readonly dataFormat: "channelsLast" | "channelsFirst";
    #downsampling: number | null = null;

    constructor(args: Conv2DPcaLayerArgs = {}) {
      const { downsampling = null, dataFormat = "channelsLast", ...rest } = args;
      super({ ...rest, keepdim: true });
      if (!DATA_FORMATS.includes(dataFormat)) {
        throw unknownName(`${this.name}.dataFormat`, dataFormat, DATA_FORMATS);
      }
      this.dataFormat = dataFormat;
      this.downsampling = downsampling;
    }

    override get defaultCentering(): boolean {
      return false;
    }

    get downsampling(): number | null {
      return this.#downsampling;
    }

    /** Takes effect with the next training pass. */
    set downsampling(size: number | null) {
      if (size !== null && !(Number.isSafeInteger(size) && size >= 1)) {
        throw new RangeError(
          `${this.name}: downsampling must be a positive whole number or null, got ${size}`,
        );
      }
      this.#downsampling = size;
    }

    override featureAxis(rank: number): number {
      if (rank !== 4) throw new ShapeError(`${this.name}: needs feature maps of 4 axes, got ${rank}`);
      return this.dataFormat === "channelsLast" ? 3 : 1;
    }

    override samplesOf({ data, shape }: Values): SampleMatrix {
      const maps: LayerOutput = { data: asFloats(data), shape, layout: this.dataFormat, kind: "conv" };
      return sampleMatrixOf(
        this.#downsampling === null ? maps : interpolate(maps, this.#downsampling, "nearest"),
      );
    }

    override getConfig(): Record<string, unknown> {
      const { keepdim: _, ...config } = super.getConfig();
      const { downsampling, dataFormat } = this;
      return { ...config, downsampling, dataFormat };
    }
  };
}
