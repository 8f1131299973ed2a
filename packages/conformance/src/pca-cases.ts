import { type GoldenFailure, isFailure, readCase, readFloats } from "./fixtures.js";
import type { GoldenBatch } from "./tracker-cases.js";

/** What a PCA layer is after an evaluation pass. */
export interface PcaOutcome {
  readonly output: GoldenBatch;
  /** Dimensions kept (`in_dim`). */
  readonly rank: number;
  /** Row-major, float32. */
  readonly projection: Float64Array;
}

/** What the functions that change all layers of a network return. */
export interface PcaReturns {
  /** Percent, to four decimals. */
  readonly sat: readonly number[];
  readonly in_dims: readonly number[];
  readonly fs_dims: readonly number[];
  readonly names?: readonly string[];
}

/** An event in the life of one of Delve's PCA layers. */
export type PcaEvent =
  | { readonly op: "train"; readonly input: GoldenBatch }
  | { readonly op: "eval"; readonly input: GoldenBatch; readonly expected: PcaOutcome }
  | {
      readonly op: "change_all_pca_layer_thresholds";
      readonly threshold: number;
      readonly returns: PcaReturns;
    }
  | { readonly op: "set_centering"; readonly value: boolean }
  | { readonly op: "set_centering_and_threshold"; readonly centering: boolean; readonly threshold: number }
  | {
      readonly op: "inject_random_directions";
      readonly threshold: number;
      /** NumPy's, given to `np.random.seed` right before. */
      readonly seed: number;
      readonly returns: PcaReturns;
      /** Row-major. Delve computes it for a convolution too, but does not use it there. */
      readonly projection: Float64Array;
    };

/** A life of one of Delve's PCA layers. Batches of a convolution are (samples, channels, height, width). */
export interface PcaCase {
  readonly id: string;
  readonly layer: "LinearPCALayer" | "Conv2DPCALayer";
  readonly features: number;
  readonly centering: boolean;
  readonly downsampling: number | null;
  readonly threshold: number;
  /** Of the first training phase, about the mean or about zero as `centering` says; row-major. */
  readonly covariance: Float64Array;
  /** Of the last training phase, descending. */
  readonly eigenvalues: readonly number[];
  readonly events: readonly PcaEvent[];
}

interface StoredEvent {
  readonly op: string;
  readonly train: boolean;
  readonly x: string;
  readonly y: string;
  readonly state: { readonly in_dim: number; readonly eigenvalues_desc: number[] };
  readonly projection: number[][];
  readonly np_random_seed: number;
}

/** All lives of PCA layers, without the odd ones. */
export function pcaCases(): PcaCase[] {
  const { cases } = readCase<{ cases: { kind: string; path: string }[] }>("index.json");
  return cases.filter(({ kind }) => kind === "pca").map(({ path }) => pcaCase(path));
}

function pcaCase(path: string): PcaCase {
  interface Stored extends Omit<PcaCase, "events" | "covariance" | "threshold"> {
    readonly init_threshold: number;
    readonly cov: number[][];
    readonly events: StoredEvent[];
  }
  const { cov, init_threshold: threshold, events, ...rest } = readCase<Stored>(`${path}/case.json`);
  return {
    ...rest,
    threshold,
    covariance: Float64Array.from(cov.flat()),
    // The recording holds the same, last, eigenvalues in every event.
    eigenvalues: events.find(({ state }) => state !== undefined)!.state.eigenvalues_desc,
    events: events.map((event) => eventOf(path, event)),
  };
}

function eventOf(path: string, event: StoredEvent): PcaEvent {
  if (event.op === "forward") {
    const input = readFloats(`${path}/${event.x}`);
    if (event.train) return { op: "train", input };
    const output = readFloats(`${path}/${event.y}`);
    const projection = Float64Array.from(event.projection.flat());
    return { op: "eval", input, expected: { output, rank: event.state.in_dim, projection } };
  }
  if (event.op !== "inject_random_directions") return event as unknown as PcaEvent;
  const { np_random_seed: seed, projection, ...rest } = event;
  return { ...rest, seed, projection: Float64Array.from(projection.flat()) } as unknown as PcaEvent;
}

/** What Delve's PCA layers do where one would not look for it. */
export interface OddPcaCases {
  /** What all of them are trained with and asked about, 20 × 4. */
  readonly x: GoldenBatch;
  readonly cases: readonly { readonly name: string; readonly outcome: unknown | GoldenFailure }[];
}

export function oddPcaCases(): OddPcaCases {
  const { x, cases } = readCase<{ x: string; cases: { name: string; result?: unknown }[] }>(
    "pca/odd/case.json",
  );
  return {
    x: readFloats(`pca/odd/${x}`),
    cases: cases.map(({ name, ...rest }) => ({ name, outcome: isFailure(rest) ? rest : rest.result })),
  };
}
