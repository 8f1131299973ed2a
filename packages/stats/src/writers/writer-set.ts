import type { SaveRecord } from "../records.js";
import type { Run, Writer } from "./writer.js";

/** Several writers as one; a failure of one is logged and does not keep the record from the others. */
export class WriterSet {
  readonly #run: Run;
  readonly #writers: readonly Writer[];

  private constructor(run: Run, writers: readonly Writer[]) {
    this.#run = run;
    this.#writers = writers;
  }

  /** Opens each. One that cannot be opened is left out from then on. */
  static async open(writers: readonly Writer[], run: Run): Promise<WriterSet> {
    const opened: Writer[] = [];
    for (const writer of writers) {
      const failure = await attempt(run, writer, "be opened and gets nothing of this run", () =>
        writer.open?.(run),
      );
      if (failure === null) opened.push(writer);
    }
    return new WriterSet(run, opened);
  }

  /** Hands the save to each in turn; gives the failures, which have been logged. */
  async write(save: SaveRecord): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (const writer of this.#writers) {
      const failure = await attempt(this.#run, writer, `write save ${save.epoch}`, () => writer.write(save));
      if (failure !== null) failures.push(failure.error);
    }
    return failures;
  }

  /** Lets each make lasting what it wrote; gives the failures, which have been logged. */
  async flush(): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (const writer of this.#writers) {
      const failure = await attempt(this.#run, writer, "flush what it wrote", () => writer.flush?.());
      if (failure !== null) failures.push(failure.error);
    }
    return failures;
  }

  async close(): Promise<void> {
    for (const writer of this.#writers) await attempt(this.#run, writer, "be closed", () => writer.close?.());
  }
}

async function attempt(
  { log }: Run,
  writer: Writer,
  deed: string,
  work: () => void | Promise<void>,
): Promise<{ error: unknown } | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log("error", `writer "${writer.name}" could not ${deed}: ${reason}`, { writer: writer.name, error });
    return { error };
  }
}
