import type { SaveRecord } from "../records.js";
import { concat, type Storage } from "../storage/storage.js";
import { AppendLog } from "./append-log.js";
import { beside } from "./beside.js";
import { saveEvent, startEvent, stepOf, versionEvent } from "./tensorboard/event.js";
import { decodeRecords, encodeRecord } from "./tensorboard/tfrecord.js";
import type { Run, Writer } from "./writer.js";

/**
 * An event file in the folder `<savePath>/` that TensorBoard shows as one run: each statistic of a layer under
 * `saturation/train/<layer>`, the user's numbers under their names, steps = saves. The statistic `spectrum`
 * becomes histograms. Values are float32, as the format has it.
 *
 * Each save is one record, appended whole. A fresh run replaces event files of delve of an earlier one at its first
 * save; those of others stay. With `initialEpoch` it goes on: earlier files lose their events from that step on and a torn last
 * one, the rest stays to the bit, and a new file goes on with a mark that makes a TensorBoard which is watching forget
 * those events, too. If a file is damaged, all are left alone, and the run goes to a folder beside.
 */
export class TensorBoardWriter implements Writer {
  readonly name = "tensorboard";
  #run: Run | null = null;
  #folder = "";
  #log: AppendLog | null = null;
  readonly #unsent: Uint8Array[] = [];
  /** Earlier files as they are to be. */
  #earlier: readonly EventFile[] = [];

  async open(run: Run): Promise<void> {
    this.#run = run;
    this.#folder = `${run.savePath}/`;
    if (run.initialEpoch !== 0) await this.#resume(run);
  }

  async write(save: SaveRecord): Promise<void> {
    if (this.#run === null) throw new Error("TensorBoardWriter.write: open must be called before");
    this.#unsent.push(encodeRecord(saveEvent(save)));
    this.#log ??= await this.#begin(this.#run, save.time);
    await this.#log.append(concat(this.#unsent.splice(0)));
  }

  async flush(): Promise<void> {
    await this.#log?.sync();
  }

  close(): Promise<void> {
    return this.flush();
  }

  async #begin({ storage, initialEpoch }: Run, time: number): Promise<AppendLog> {
    const before = await ownFiles(storage, this.#folder);
    // The last file first: whenever this is cut short, what is left has the first steps, without a gap.
    for (const { path, bytes, changed } of [...this.#earlier].reverse()) {
      if (changed) await storage.write(path, bytes);
    }
    const head = [encodeRecord(versionEvent(time))];
    if (this.#earlier.length > 0) head.push(encodeRecord(startEvent(time, initialEpoch)));
    else for (const path of [...before].reverse()) await storage.remove(path);
    // TensorBoard reads files in the order of their names: this one has to be the last.
    const newest = before.map(secondsIn).reduce((a, b) => Math.max(a, b), -1);
    const seconds = Math.max(Math.floor(time / 1000), newest + 1);
    return new AppendLog(storage, `${this.#folder}events.out.tfevents.${seconds}.delve`, concat(head));
  }

  async #resume({ storage, savePath, initialEpoch, log }: Run): Promise<void> {
    const paths = await ownFiles(storage, this.#folder);
    if (paths.length === 0) {
      log("warn", `"${this.#folder}" has no event file of delve: the events start at save ${initialEpoch}`, {
        path: this.#folder,
      });
      return;
    }
    try {
      const files: EventFile[] = [];
      for (const path of paths) files.push(await eventsBefore(storage, path, initialEpoch));
      this.#earlier = files;
    } catch (error) {
      const damaged = this.#folder;
      this.#folder = await beside(storage, savePath, "/");
      const reason = error instanceof Error ? error.message : String(error);
      const message = `event files in "${damaged}" cannot be continued (${reason}): the events go to "${this.#folder}"`;
      log("warn", message, { path: damaged, error });
    }
  }
}

interface EventFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly changed: boolean;
}

const OWN = /events\.out\.tfevents\.(\d+)\.delve$/;

const secondsIn = (path: string): number => Number(OWN.exec(path)?.[1] ?? -1);

async function ownFiles(storage: Storage, folder: string): Promise<string[]> {
  const paths = await storage.list(`${folder}events.out.tfevents.`);
  return paths.filter((path) => OWN.test(path)).sort((a, b) => secondsIn(a) - secondsIn(b));
}

async function eventsBefore(storage: Storage, path: string, end: number): Promise<EventFile> {
  const bytes = (await storage.read(path)) ?? new Uint8Array(0);
  try {
    const kept = [...decodeRecords(bytes)].filter(({ data }) => (stepOf(data) ?? -1) < end);
    const whole = concat(kept.map((record) => record.whole));
    return { path, bytes: whole, changed: whole.length !== bytes.length };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`"${path}": ${reason}`, { cause: error });
  }
}
