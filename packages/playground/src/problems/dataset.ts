/** Samples with their classes. */
export interface Samples {
  /** Inputs, one after another, each of the shape that the data set names. */
  readonly inputs: Float32Array;
  /** Class of each. */
  readonly classes: Uint8Array;
}

/** What a network learns from, and what it is tried on. */
export interface Dataset {
  /** Of one input: `[2]` for a point, `[side, side, 1]` for a picture. */
  readonly shape: readonly number[];
  readonly classes: number;
  readonly train: Samples;
  /** Held out: the network never learns from these. */
  readonly heldOut: Samples;
}

/** How many samples there are. */
export const countOf = ({ classes }: Samples): number => classes.length;
