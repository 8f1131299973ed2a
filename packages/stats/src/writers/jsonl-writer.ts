import type { SaveRecord } from "../records.js";
import { AppendLog } from "./append-log.js";
import { beside } from "./beside.js";
import { encodeJsonl, jsonlBefore } from "./jsonl.js";
import type { Run, Writer } from "./writer.js";

/**
 * One file `<savePath>.jsonl` with a line for each number of each save (`JsonlRow`), for pandas, DuckDB, jq and the
 * like. Lines are appended; they are flushed to the disk at the end, and by `flush`.
 *
 * With `initialEpoch` it goes on from an earlier file: lines from that epoch on are dropped, a torn last one too, and
 * the others stay as they are. A file that cannot be read is left alone; the run then goes to a new file beside it.
 */
export class JsonlWriter implements Writer {
  readonly name = "jsonl";
  #name = "";
  #log: AppendLog | null = null;

  async open(run: Run): Promise<void> {
    this.#name = run.name;
    const path = `${run.savePath}.jsonl`;
    this.#log = run.initialEpoch === 0 ? new AppendLog(run.storage, path) : await resumed(run, path);
  }

  async write(save: SaveRecord): Promise<void> {
    if (this.#log === null) throw new Error("JsonlWriter.write: open must be called before");
    await this.#log.append(new TextEncoder().encode(encodeJsonl(this.#name, save)));
  }

  async flush(): Promise<void> {
    await this.#log?.sync();
  }

  close(): Promise<void> {
    return this.flush();
  }
}

async function resumed({ storage, savePath, initialEpoch, log }: Run, path: string): Promise<AppendLog> {
  const bytes = await storage.read(path);
  if (bytes === null) {
    log("warn", `"${path}" does not exist: the rows start at save ${initialEpoch}`, { path });
    return new AppendLog(storage, path);
  }
  try {
    return new AppendLog(storage, path, jsonlBefore(bytes, initialEpoch));
  } catch (error) {
    const instead = await beside(storage, savePath, ".jsonl");
    const reason = error instanceof Error ? error.message : String(error);
    log("warn", `"${path}" cannot be continued (${reason}): the rows go to "${instead}"`, { path, error });
    return new AppendLog(storage, instead);
  }
}
