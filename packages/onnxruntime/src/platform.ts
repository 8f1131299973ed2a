/** A piece of data that a model keeps outside its own file, as ONNX Runtime's option `externalData` takes it. */
export interface ExternalData {
  /** The location as the model writes it. */
  readonly path: string;
  readonly data: Uint8Array;
}

/** A model as it comes from a file: its bytes, and those of the files beside it that it names. */
export interface ModelFiles {
  readonly bytes: Uint8Array;
  readonly externalData: readonly ExternalData[];
}

/**
 * What the place where delve runs has to offer. Two files implement it, `platform-node.ts` and
 * `platform-default.ts`; the import condition behind `#platform` in package.json chooses, so that nothing which runs
 * in a browser ever sees an import of `node:*`.
 */
export interface Platform {
  /** The model at a path or a `file:` URL, with the files of external data beside it; refused where there is no file system. */
  readModelFiles(path: string): Promise<ModelFiles>;
  /** Processors that native threads can have; 1 where there are none. */
  processors(): number;
}
