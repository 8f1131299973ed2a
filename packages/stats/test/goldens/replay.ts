import type { ForwardEvent, GoldenBatch, TrackerCase } from "@delve/conformance";
import type { Backend, MomentsState, SampleMatrix } from "@delve/kernel";
import {
  type LayerOutput,
  memoryStorage,
  SaturationTracker,
  type Spectrum,
  type Statistic,
  type TidyRecord,
  type TrackerOptions,
} from "@delve/stats";

/** What our tracker did at one event of a case. */
export type Outcome = ForwardResult | SaveResult | { readonly op: "stop" | "resume" };

/** What a forward pass came to. */
export interface ForwardResult {
  readonly op: "forward";
  readonly recorded: boolean;
  /** Batch entries taken in since the last save. */
  readonly seen: number;
  /** The samples that reached the backend. */
  readonly rows: GoldenBatch | null;
  /** The warning with which the batch was refused. */
  readonly warning: string | null;
}

/** What a save came to. */
export interface SaveResult {
  readonly op: "add_saturations";
  /** In the order in which writers get them. */
  readonly records: readonly TidyRecord[];
  /** What the statistics were computed from, by phase and layer (`train fc`). */
  readonly behind: ReadonlyMap<string, { readonly state: MomentsState; readonly spectrum: Spectrum }>;
}

/** Feeds the events of a case to a tracker, as arrays. */
export async function replay(
  golden: TrackerCase,
  backend: Backend,
  changed: Partial<TrackerOptions> = {},
): Promise<Outcome[]> {
  const observed = observe(backend);
  const warnings: string[] = [];
  const behind: { state: MomentsState; spectrum: Spectrum }[] = [];
  const options = { ...trackerOptions(golden.options), ...changed };
  const tracker = await SaturationTracker.open({
    ...options,
    stats: [...options.stats!, looker((found) => behind.push(found))],
    backend: observed.backend,
    storage: memoryStorage(),
    idimRule: "delve",
    logger: (_, message) => void warnings.push(message),
  });
  const outcomes: Outcome[] = [];
  for (const event of golden.events) {
    if (event.op === "forward") {
      observed.rows = null;
      warnings.length = 0;
      const recorded = tracker.record(event.layer, outputOf(golden, event), { phase: event.phase });
      const seen = tracker.seen(event.layer, event.phase);
      outcomes.push({ op: event.op, recorded, seen, rows: observed.rows, warning: warnings[0] ?? null });
    } else if (event.op === "add_saturations") {
      behind.length = 0;
      await tracker.addSaturations();
      outcomes.push({ op: event.op, ...splitRecords(tracker.latest!.records, behind) });
    } else {
      tracker[event.op]();
      outcomes.push({ op: event.op });
    }
  }
  await tracker.close();
  return outcomes;
}

/** Delve's keyword arguments in the words of this package; absent ones keep the default, which is the same. */
export function trackerOptions(options: TrackerCase["options"]): Partial<TrackerOptions> {
  const { layer_filter_keep: kept, ...rest } = options;
  const named = Object.entries(rest).map(([name, value]) => [
    name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  const layerFilter = Array.isArray(kept) ? { layerFilter: (layer: string) => kept.includes(layer) } : {};
  return { ...Object.fromEntries(named), ...layerFilter };
}

/** PyTorch's axes: features of a Linear and an LSTM last, channels of a Conv2d second. */
function outputOf({ layers }: TrackerCase, { layer, batch }: ForwardEvent): LayerOutput {
  const { data, shape } = batch;
  return layers[layer]!.type === "Conv2d"
    ? { data, shape, kind: "conv", layout: "channelsFirst" }
    : { data, shape };
}

const LOOKER = "looker";

/** A statistic that shows what the others are computed from. */
function looker(look: (found: { state: MomentsState; spectrum: Spectrum }) => void): Statistic {
  return {
    key: LOOKER,
    label: LOOKER,
    needs: ["values"],
    compute({ state, spectrum }) {
      look({ state, spectrum });
      return 1;
    },
  };
}

function splitRecords(
  all: readonly TidyRecord[],
  found: readonly { state: MomentsState; spectrum: Spectrum }[],
): Pick<SaveResult, "records" | "behind"> {
  const looked = all.flatMap((r) => (r.kind === "stat" && r.stat === LOOKER && r.value !== null ? r : []));
  return {
    records: all.filter((r) => !(r.kind === "stat" && r.stat === LOOKER)),
    behind: new Map(looked.map(({ phase, layer }, i) => [`${phase} ${layer}`, found[i]!])),
  };
}

/** A backend that shows the samples it was given last. */
function observe(inner: Backend): { backend: Backend; rows: GoldenBatch | null } {
  const observed: { backend: Backend; rows: GoldenBatch | null } = { backend: inner, rows: null };
  observed.backend = Object.create(inner, {
    createMoments: {
      value(features: number) {
        const moments = inner.createMoments(features);
        const update = moments.update.bind(moments);
        moments.update = (samples) => {
          update(samples);
          observed.rows = { shape: [samples.rows, samples.features], data: dense(samples) };
        };
        return moments;
      },
    },
    eigvalsh: { value: inner.eigvalsh.bind(inner) },
    eigh: { value: inner.eigh.bind(inner) },
  });
  return observed;
}

function dense(samples: SampleMatrix): Float64Array {
  const { data, rows, features, rowStride, featureStride, offset = 0 } = samples;
  const { blockRows = rows, blockStride = 0 } = samples;
  return Float64Array.from({ length: rows * features }, (_, i) => {
    const [r, f] = [Math.floor(i / features), i % features];
    const block = Math.floor(r / blockRows) * blockStride;
    return data[offset + block + (r % blockRows) * rowStride + f * featureStride]!;
  });
}
