/** Whether a batch belongs to training or to evaluation; the two are accumulated and reported apart. */
export type Phase = "train" | "eval";

/** A statistic that is a matrix (`cov`, `embed`): row-major float64. */
export interface MatrixValue {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** What a statistic yields for one layer; `null` where there is nothing to report (no samples since the last save). */
export type StatValue = number | MatrixValue | null;

/** One statistic of one layer in one phase, at one save. */
export interface StatRecord {
  readonly kind: "stat";
  readonly phase: Phase;
  /** The layer's name, as the user sees it. */
  readonly layer: string;
  /** Place of the layer in the order of first recorded batches, from 0. */
  readonly index: number;
  /** Short key of the statistic, e.g. `lsat`. */
  readonly stat: string;
  /** Its name in files and plots, e.g. `saturation`. */
  readonly label: string;
  readonly value: StatValue;
  /** A count: files show it without a decimal point. False when left out. */
  readonly integer?: boolean;
  /** Samples (rows) the value rests on. */
  readonly samples: number;
  /** Features of the layer. */
  readonly features: number;
  /** Fewer than ten samples a feature: the value is limited by the data (saturation ≤ min(1, (n−1)/d)). */
  readonly undersampled: boolean;
}

/** A number that the user added by name (`addScalar`). */
export interface ScalarRecord {
  readonly kind: "scalar";
  readonly name: string;
  readonly value: number;
}

export type TidyRecord = StatRecord | ScalarRecord;

/** Everything that one save has to tell, in the order in which it was added. */
export interface SaveRecord {
  /** Row number of this save: 0 for the first of a fresh run. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly records: readonly TidyRecord[];
}
