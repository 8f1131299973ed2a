import type { SaveRecord, ScalarRecord, StatRecord, TidyRecord } from "@delve/stats";
import type { Log } from "../../src/log.js";
import type { Storage } from "../../src/storage/storage.js";
import type { Run, Writer } from "../../src/writers/writer.js";

/** A save of some records. */
export const saveOf = (epoch: number, ...records: TidyRecord[]): SaveRecord => ({
  epoch,
  time: 1_700_000_000_000 + 1500 * epoch,
  records,
});

/** A number of the user's. */
export const scalar = (name: string, value: number): ScalarRecord => ({ kind: "scalar", name, value });

/** A layer's saturation, unless `more` says otherwise. */
export const stat = (more: Partial<StatRecord> = {}): StatRecord => ({
  kind: "stat",
  phase: "train",
  layer: "fc",
  index: 0,
  stat: "lsat",
  label: "saturation",
  value: 0.5,
  integer: false,
  samples: 100,
  features: 8,
  undersampled: false,
  ...more,
});

/** A message of a run. */
export interface Message {
  readonly level: string;
  readonly message: string;
}

/** Opens a writer, hands it the saves and closes it; gives what it logged. */
export async function writeRun(
  writer: Writer,
  storage: Storage,
  saves: readonly SaveRecord[],
  { initialEpoch = 0, savePath = "runs/mlp" } = {},
): Promise<Message[]> {
  const messages: Message[] = [];
  const log: Log = (level, message) => messages.push({ level, message });
  await writer.open?.(runOn(storage, log, { initialEpoch, savePath }));
  for (const save of saves) await writer.write(save);
  await writer.close?.();
  return messages;
}

/** What a writer is told of a run. */
export const runOn = (
  storage: Storage,
  log: Log = () => {},
  { initialEpoch = 0, savePath = "runs/mlp" } = {},
): Run => ({
  name: savePath.slice(savePath.lastIndexOf("/") + 1),
  savePath,
  storage,
  initialEpoch,
  threshold: 0.99,
  log,
});

/** A storage whose writing operations fail while `full` says so; an append may have put down a part of its data first. */
export function failingStorage(storage: Storage, full: () => boolean): Storage {
  const refuse = (path: string): never => {
    throw new Error(`storage: cannot write "${path}": ENOSPC: no space left on device`);
  };
  return {
    ...storage,
    async write(path, data) {
      if (full()) refuse(path);
      await storage.write(path, data);
    },
    async append(path, data) {
      if (full()) {
        const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
        await storage.append(path, bytes.subarray(0, bytes.length >> 1));
        refuse(path);
      }
      await storage.append(path, data);
    },
  };
}
