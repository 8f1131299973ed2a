import { type GoldenFailure, isFailure, readCase, readFloats } from "./fixtures.js";

/** What a layer gave for one batch, as its hook saw it: row-major, channels first. */
export interface GoldenBatch {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** A layer's name, and what it is in PyTorch. */
export interface GoldenLayerType {
  readonly type: "Linear" | "Conv2d" | "LSTM";
  readonly width: number;
}

/** A forward pass of one layer, and what Delve's hook did with it. */
export interface ForwardEvent {
  readonly op: "forward";
  readonly layer: string;
  readonly phase: "train" | "eval";
  readonly batch: GoldenBatch;
  /** The samples that reached Delve's covariance; null where none did, or what did is not known. */
  readonly rows: GoldenBatch | null;
  readonly expected: ForwardOutcome | GoldenFailure;
}

/** How things stand after a forward pass. */
export interface ForwardOutcome {
  readonly recorded: boolean;
  /** Batch entries taken in since the last save; null for a layer that is not tracked. */
  readonly seen: number | null;
}

/** A save, and what Delve computed. */
export interface SaveEvent {
  readonly op: "add_saturations";
  readonly expected: SaveOutcome | GoldenFailure;
}

/** What a save reported. */
export interface SaveOutcome {
  readonly layers: readonly GoldenLayer[];
  /** Names that the writer was given, in order. */
  readonly columns: readonly string[];
  /** Numbers that the writer was given; NaN where Delve had none. */
  readonly values: Readonly<Record<string, number>>;
}

/** One layer in one phase at a save. Statistics that were not asked for are left out. */
export interface GoldenLayer {
  readonly phase: "train" | "eval";
  readonly layer: string;
  readonly samples: number;
  readonly features: number;
  readonly mean: readonly number[];
  /** Row-major. */
  readonly covariance: Float64Array;
  /** Two-pass, in 80 bits; null for large matrices. */
  readonly covarianceReference: Float64Array | null;
  /** Ascending. */
  readonly eigenvalues: readonly number[];
  /** The true covariance lies below rounding: eigenvalues and what is counted of them mean nothing. */
  readonly unstable: boolean;
  readonly det?: number;
  readonly trc?: number;
  readonly dtrc?: number;
  readonly thresholds: readonly {
    readonly thresh: number;
    readonly idim: number;
    readonly lsat: number;
    readonly margin: number | null;
  }[];
}

/** An event of a case. */
export type TrackerEvent = ForwardEvent | SaveEvent | { readonly op: "stop" | "resume" };

/** A life of Delve's tracker: its options, what happened to it, what it gave. Of the variant that keeps whole epochs. */
export interface TrackerCase {
  readonly id: string;
  readonly notes: string;
  /** Python's keyword arguments, and `layer_filter_keep`: the names that its filter kept. */
  readonly options: Readonly<Record<string, unknown>> & { readonly stats: readonly string[] };
  readonly layers: Readonly<Record<string, GoldenLayerType>>;
  readonly events: readonly TrackerEvent[];
}

interface StoredEvent {
  readonly op: TrackerEvent["op"];
  readonly layer: string;
  readonly state: "train" | "eval";
  readonly batch: string;
  readonly shape: number[];
  readonly rows?: string;
}

interface StoredOutcome {
  readonly recorded: boolean;
  readonly rows_shape?: number[];
  readonly seen_samples: number | null;
  readonly layers: readonly Record<string, unknown>[];
  readonly writer_columns: string[];
  readonly writer_values: Record<string, number>;
}

/** All cases of `tracker`. */
export function trackerCases(): TrackerCase[] {
  const { cases } = readCase<{ cases: { kind: string; path: string }[] }>("index.json");
  return cases.filter(({ kind }) => kind === "tracker").map(({ path }) => trackerCase(path));
}

function trackerCase(path: string): TrackerCase {
  type Outcomes = (StoredOutcome | GoldenFailure)[];
  interface Stored extends Omit<TrackerCase, "events"> {
    readonly events: StoredEvent[];
    readonly expect: { head: Outcomes; accumulate: Outcomes | "same_as_head" };
  }
  const { events, expect, ...rest } = readCase<Stored>(`${path}/case.json`);
  const outcomes = expect.accumulate === "same_as_head" ? expect.head : expect.accumulate;
  return { ...rest, events: events.map((event, i) => eventOf(path, event, outcomes[i]!)) };
}

function eventOf(path: string, event: StoredEvent, outcome: StoredOutcome | GoldenFailure): TrackerEvent {
  if (event.op === "forward") return forwardOf(path, event, outcome);
  if (event.op !== "add_saturations") return { op: event.op };
  if (isFailure(outcome)) return { op: event.op, expected: outcome };
  const { layers, writer_columns: columns, writer_values: values } = outcome;
  return { op: event.op, expected: { layers: layers.map((layer) => layerOf(path, layer)), columns, values } };
}

function forwardOf(
  path: string,
  { layer, state, batch, rows }: StoredEvent,
  outcome: StoredOutcome | GoldenFailure,
): ForwardEvent {
  const whole = readFloats(`${path}/${batch}`);
  const event = { op: "forward", layer, phase: state, batch: whole } as const;
  if (isFailure(outcome)) return { ...event, rows: null, expected: outcome };
  const { recorded, rows_shape: shape, seen_samples: seen } = outcome;
  if (rows !== undefined)
    return { ...event, rows: readFloats(`${path}/${rows}`), expected: { recorded, seen } };
  // Of a plain matrix Delve takes the first rows as they are.
  const plain = shape !== undefined && whole.shape.length === 2;
  const taken = plain ? { shape, data: whole.data.subarray(0, shape[0]! * shape[1]!) } : null;
  return { ...event, rows: taken, expected: { recorded, seen } };
}

function layerOf(path: string, stored: Record<string, unknown>): GoldenLayer {
  const { state, n, d, cov, cov_ref: reference, eigvalsh, unstable = false, ...rest } = stored;
  const matrix = (value: unknown): Float64Array =>
    Float64Array.from(
      typeof value === "string" ? readFloats(`${path}/${value}`).data : (value as number[][]).flat(),
    );
  return {
    ...(rest as unknown as GoldenLayer),
    phase: state as GoldenLayer["phase"],
    samples: n as number,
    features: d as number,
    covariance: matrix(cov),
    covarianceReference: reference === undefined ? null : matrix(reference),
    eigenvalues: eigvalsh as number[],
    unstable: unstable as boolean,
  };
}
