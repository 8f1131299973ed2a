/**
 * Where files go. Paths are relative or absolute, with `/` between parts. Only whole files are written, and a file
 * is the old one or the new one, never a mixture; `append` adds to the end of a log.
 */
export interface Storage {
  /** Shown in messages. */
  readonly name: string;
  /** Writes a whole file, and its folders, atomically. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  /** The file's bytes, or `null` if there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Adds to the end of a file, making it if need be. */
  append(path: string, data: string | Uint8Array): Promise<void>;
  /** Removes a file; no error if there is none. */
  remove(path: string): Promise<void>;
  /** Paths of all files whose path begins with `prefix`. */
  list(prefix: string): Promise<string[]>;
  /** `write` for a file that comes piece by piece. Where it is missing, the pieces are gathered in memory first. */
  writeChunks?(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** Returns when what was written or appended to a file would survive a power cut. */
  sync?(path: string): Promise<void>;
}

/** Writes a whole file from its pieces, atomically; without gathering them where the storage knows how. */
export async function writeChunks(
  storage: Storage,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (storage.writeChunks !== undefined) return storage.writeChunks(path, chunks);
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return storage.write(path, concat(pieces));
}

/** Pieces one after another. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Does a storage's work; what fails names the file, with the system's error as its cause. */
export async function named<T>(verb: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`storage: cannot ${verb} "${path}": ${reason}`, { cause });
  }
}
