import type { OutputData } from "@delve/stats";
import type { Values } from "./layer-output.js";
import { outputsOf, type TapPlan } from "./layer-tap.js";
import { isTensor, type OrtSession, type OrtTensor, type Tensors } from "./ort-types.js";
import { type Recorder, readTensor } from "./recorder.js";
import { type RunRequest, readRunArguments } from "./run-arguments.js";

/**
 * A session that looks like the one of the bare model, and gives each run to a recorder.
 *
 * An object of its own with the session as its prototype, rather than a session with a new `run`: the runtime checks
 * a run against the session's own lists of names, which have to stay complete.
 */
export function trackedSession<S extends OrtSession, E extends object>(
  session: S,
  plan: TapPlan,
  recorder: Recorder,
  extras: E,
): S & E {
  const hidden = new Set(plan.taps.flatMap(outputsOf));
  const outputs = session.outputNames.map((name) => !hidden.has(name));
  const inputs = session.inputNames.map((name) => name !== plan.recordInput);
  const kept = (which: readonly boolean[]) => (_: unknown, index: number) => which[index];
  const names = {
    inputNames: session.inputNames.filter(kept(inputs)),
    outputNames: session.outputNames.filter(kept(outputs)),
    inputMetadata: session.inputMetadata?.filter(kept(inputs)),
    outputMetadata: session.outputMetadata?.filter(kept(outputs)),
  };
  const run = (feeds: Tensors, ...rest: unknown[]) =>
    new TrackedRun(session, plan, recorder).run(feeds, rest, names.outputNames);
  const properties = { ...names, run, ...extras };
  return Object.create(
    session,
    Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [
        key,
        { value, enumerable: true, configurable: true },
      ]),
    ),
  ) as S & E;
}

class TrackedRun {
  readonly #session: OrtSession;
  readonly #plan: TapPlan;
  readonly #recorder: Recorder;

  constructor(session: OrtSession, plan: TapPlan, recorder: Recorder) {
    this.#session = session;
    this.#plan = plan;
    this.#recorder = recorder;
  }

  async run(
    feeds: Tensors,
    rest: unknown[],
    outputNames: readonly string[],
  ): Promise<Record<string, OrtTensor>> {
    const request = readRunArguments(outputNames, rest[0], rest[1]);
    // What is not right is for the session to say, in its own words.
    const isRecord = typeof feeds === "object" && feeds !== null && !Array.isArray(feeds) && !isTensor(feeds);
    if (request === null || !isRecord) return this.#session.run(feeds, ...rest);
    const wanted = this.#recorder.wanted();
    const mask = wanted.length > 0 ? this.#recorder.maskOf(feeds) : null;
    const taps = new Set(wanted.flatMap(outputsOf));
    const record = wanted.some(({ where }) => where === "graph");
    const results = await this.#call({ ...feeds, ...this.#recordFeed(record) }, request, taps);
    try {
      const read = await readAll(taps, results, this.#recorder.gpuDevice);
      this.#recorder.record(wanted, read, mask);
    } finally {
      for (const name of taps) results[name]?.dispose?.();
    }
    return Object.fromEntries(Object.entries(results).filter(([name]) => !taps.has(name)));
  }

  #call(
    feeds: Tensors,
    { fetches, options }: RunRequest,
    taps: ReadonlySet<string>,
  ): Promise<Record<string, OrtTensor>> {
    const all = { ...Object.fromEntries([...taps].map((name) => [name, null])), ...fetches };
    return options === undefined ? this.#session.run(feeds, all) : this.#session.run(feeds, all, options);
  }

  #recordFeed(record: boolean): Tensors {
    const { recordInput } = this.#plan;
    if (recordInput === null) return {};
    // The runtimes read these fields; their class of tensors is not at hand, and not needed.
    return {
      [recordInput]: { type: "bool", dims: [], data: Uint8Array.of(record ? 1 : 0), location: "cpu" },
    };
  }
}

async function readAll(
  names: ReadonlySet<string>,
  tensors: Readonly<Record<string, OrtTensor>>,
  gpuDevice: object | undefined,
): Promise<Map<string, Values<OutputData> | Error>> {
  const entries = [...names].map(async (name): Promise<[string, Values<OutputData> | Error]> => {
    const tensor = tensors[name];
    return [name, tensor ? await readTensor(tensor, gpuDevice) : new Error(`run: got no output "${name}"`)];
  });
  return new Map(await Promise.all(entries));
}
