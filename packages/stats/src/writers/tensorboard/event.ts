import type { SaveRecord, TidyRecord } from "../../records.js";
import { concat } from "../../storage/storage.js";
import { type Histogram, histogramOf } from "./histogram.js";
import { double, doubles, fieldsOf, float, int64, message, string } from "./protobuf.js";

// Field numbers of TensorBoard's messages (event.proto, summary.proto).
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simpleValue: 2, histogram: 5 } as const;
const SESSION_LOG = { status: 1 } as const;
const HISTOGRAM = { min: 1, max: 2, count: 3, sum: 4, sumOfSquares: 5, limits: 6, counts: 7 } as const;
const SESSION_START = 1;

/** The event that every file begins with. */
export const versionEvent = (time: number): Uint8Array =>
  concat([double(EVENT.wallTime, time / 1000), string(EVENT.fileVersion, "brain.Event:2")]);

/** Says that a run was started anew from a step on: TensorBoard forgets what it had read from there. */
export const startEvent = (time: number, step: number): Uint8Array =>
  concat([
    double(EVENT.wallTime, time / 1000),
    int64(EVENT.step, step),
    message(EVENT.sessionLog, int64(SESSION_LOG.status, SESSION_START)),
  ]);

/**
 * All numbers of a save as one event: its epoch is the step. Values are float32, as the format has it; statistics that are
 * matrices are left out, but for `spectrum`, which becomes a histogram.
 */
export function saveEvent({ epoch, time, records }: SaveRecord): Uint8Array {
  const values = records.flatMap((record) => summaryValue(record) ?? []);
  return concat([
    double(EVENT.wallTime, time / 1000),
    int64(EVENT.step, epoch),
    message(EVENT.summary, ...values),
  ]);
}

/**
 * The tag of a record: `saturation/train/fc`, so that TensorBoard groups the layers of a statistic; or the name of
 * a scalar.
 *
 * @example
 * tagOf({ kind: "scalar", name: "loss", value: 0.5 }); // "loss"
 */
export function tagOf(record: TidyRecord): string {
  return record.kind === "scalar" ? record.name : `${record.label}/${record.phase}/${record.layer}`;
}

function summaryValue(record: TidyRecord): Uint8Array | null {
  const { value } = record;
  if (value === null) return null;
  const tag = string(VALUE.tag, tagOf(record));
  if (typeof value === "number") return message(SUMMARY.value, tag, float(VALUE.simpleValue, value));
  const histogram = record.kind === "stat" && record.stat === "spectrum" ? histogramOf(value.data) : null;
  return histogram && message(SUMMARY.value, tag, message(VALUE.histogram, ...histogramFields(histogram)));
}

const histogramFields = (histogram: Histogram): Uint8Array[] => [
  double(HISTOGRAM.min, histogram.min),
  double(HISTOGRAM.max, histogram.max),
  double(HISTOGRAM.count, histogram.count),
  double(HISTOGRAM.sum, histogram.sum),
  double(HISTOGRAM.sumOfSquares, histogram.sumOfSquares),
  doubles(HISTOGRAM.limits, histogram.limits),
  doubles(HISTOGRAM.counts, histogram.counts),
];

/** The step of an event; `null` for the one that begins a file. */
export function stepOf(event: Uint8Array): number | null {
  let step = 0;
  for (const { field, value } of fieldsOf(event)) {
    if (field === EVENT.fileVersion) return null;
    if (field === EVENT.step && typeof value === "number") step = value;
  }
  return step;
}
