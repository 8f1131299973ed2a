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
}
