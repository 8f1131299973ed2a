import type { Phase, SaveRecord, ScalarRecord, StatRecord } from "../records.js";
import type { LayerProfile, ProfileSeries } from "./profile-spec.js";
import { profileTexts } from "./profile-texts.js";

/** A figure of a save and what it shows. */
export interface SaveProfile {
  /** Short key of the statistic. */
  readonly stat: string;
  readonly phase: Phase;
  readonly epoch: number;
  readonly profile: LayerProfile;
}

/** What the figures of a save say besides its records. */
export interface SaveProfileOptions {
  /** Name of the run, for titles. */
  readonly run: string;
  /** Share of the variance that counts (`satThreshold`). */
  readonly threshold: number;
  /** Earlier saves that are drawn faded behind, the oldest first; none by default. */
  readonly earlier?: readonly SaveRecord[] | undefined;
  /** Name of a user's scalar that the subtitle shows. */
  readonly primaryMetric?: string | undefined;
}

/** A figure of both phases of a save and what it shows. */
export interface ComparedProfile {
  /** Short key of the statistic. */
  readonly stat: string;
  readonly epoch: number;
  readonly profile: LayerProfile;
}

/** A statistic of one layer that is a number, or has none this time. */
export type ScalarStatRecord = StatRecord & { readonly value: number | null };

/**
 * One layer profile for each statistic and phase of a save, layers in order of their forward pass. Statistics that
 * are matrices, or have no finite value at all, have none.
 *
 * @example
 * const record = { kind: "stat", phase: "train", layer: "fc", index: 0, stat: "lsat", label: "saturation" } as const;
 * const save = { epoch: 3, time: 0, records: [{ ...record, value: 0.4, samples: 90, features: 5, undersampled: false }] };
 * saveProfiles(save, { run: "mlp", threshold: 0.99 })[0].profile.title; // "mlp · saturation · train · epoch 3"
 */
export function saveProfiles(save: SaveRecord, options: SaveProfileOptions): SaveProfile[] {
  return groupsOf(save, ({ stat, phase }) => [stat, phase]).map((records) => {
    const { stat, phase } = records[0]!;
    return { stat, phase, epoch: save.epoch, profile: profileOf(records, save, options) };
  });
}

/**
 * One layer profile for each statistic that a save has of both phases, train and eval together.
 *
 * @example
 * const record = { kind: "stat", layer: "fc", index: 0, stat: "lsat", label: "saturation", value: 0.4 } as const;
 * const rest = { samples: 90, features: 5, undersampled: false };
 * const records = (["train", "eval"] as const).map((phase) => ({ ...record, ...rest, phase }));
 * const [figure] = compareProfiles({ epoch: 3, time: 0, records }, { run: "mlp", threshold: 0.99 });
 * figure.profile.title; // "mlp · saturation · train, eval · epoch 3"
 */
export function compareProfiles(save: SaveRecord, options: SaveProfileOptions): ComparedProfile[] {
  return groupsOf(save, ({ stat }) => [stat])
    .filter((records) => phasesOf(records).length > 1)
    .map((records) => {
      return { stat: records[0]!.stat, epoch: save.epoch, profile: profileOf(records, save, options) };
    });
}

/** Records that share a figure; those without any finite value left out. */
function groupsOf(
  save: SaveRecord,
  keyOf: (record: ScalarStatRecord) => readonly string[],
): (readonly ScalarStatRecord[])[] {
  const groups = new Map<string, ScalarStatRecord[]>();
  for (const record of save.records) {
    if (!isScalarStat(record)) continue;
    const key = JSON.stringify(keyOf(record));
    const group = groups.get(key) ?? [];
    group.push(record);
    groups.set(key, group);
  }
  return [...groups.values()].filter((records) => records.some(({ value }) => Number.isFinite(value)));
}

const phasesOf = (records: readonly ScalarStatRecord[]): Phase[] => [
  ...new Set(records.map(({ phase }) => phase)),
];

/** Whether a record is one that a layer profile can show. */
export function isScalarStat(record: SaveRecord["records"][number]): record is ScalarStatRecord {
  return record.kind === "stat" && (record.value === null || typeof record.value === "number");
}

function profileOf(
  records: readonly ScalarStatRecord[],
  save: SaveRecord,
  options: SaveProfileOptions,
): LayerProfile {
  const { stat, label, integer = false } = records[0]!;
  const phases = phasesOf(records);
  const names = new Map(records.map(({ index, layer }) => [index, layer]));
  const indices = [...names.keys()].sort((a, b) => a - b);
  const { run, threshold, primaryMetric, earlier = [] } = options;
  const metric = metricOf(save, primaryMetric);
  return {
    ...profileTexts({ run, stat, label, integer, phases, epoch: save.epoch, threshold, metric }),
    layers: indices.map((index) => names.get(index)!),
    series: phases.flatMap((phase) => [
      ...earlier.map((before) => earlierSeries(before, stat, phase, indices)),
      frontSeries(records, save.epoch, phase, indices),
    ]),
  };
}

function frontSeries(
  records: readonly ScalarStatRecord[],
  epoch: number,
  phase: Phase,
  indices: readonly number[],
): ProfileSeries {
  const byIndex = new Map(records.filter((one) => one.phase === phase).map((one) => [one.index, one]));
  const layers = indices.map((index) => byIndex.get(index));
  return {
    name: phase,
    epoch,
    values: layers.map((record) => record?.value ?? null),
    samples: layers.map((record) => record?.samples ?? 0),
    undersampled: layers.map((record) => record?.undersampled ?? false),
  };
}

/** The same statistic of the same layers at another save. */
function earlierSeries(
  { epoch, records }: SaveRecord,
  stat: string,
  phase: Phase,
  indices: readonly number[],
): ProfileSeries {
  const values = new Map(
    records
      .filter(isScalarStat)
      .filter((record) => record.stat === stat && record.phase === phase)
      .map(({ index, value }) => [index, value]),
  );
  return { name: phase, epoch, values: indices.map((index) => values.get(index) ?? null) };
}

function metricOf({ records }: SaveRecord, name: string | undefined): ScalarRecord | undefined {
  const scalars = records.filter((record) => record.kind === "scalar");
  return scalars.filter((scalar) => scalar.name === name).at(-1);
}
