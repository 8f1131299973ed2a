import type { ScalarRecord, StatRecord } from "@delve/stats";
import type * as tf from "@tensorflow/tfjs";

type TensorFlow = typeof tf;

/** A record; a matrix has become a list. */
export type PlainRecord = ScalarRecord | (Omit<StatRecord, "value"> & { readonly value: number | number[] });

export interface Trained {
  records: PlainRecord[];
  csv: string;
  weights: number[][];
  /** Tensors that nobody has disposed. */
  leftOver: number;
}

export interface Evaluated {
  records: PlainRecord[];
  scores: number[];
  leftOver: number;
}

export function train(tf: TensorFlow, csv: string, computing?: object): Promise<Trained>;
export function evaluate(
  tf: TensorFlow,
  csv: string,
  weights: number[][],
  computing?: object,
): Promise<Evaluated>;
