/**
 * The part of the WebAssembly API that the loader uses, declared here because the libraries of types that have it
 * belong to one platform each (DOM, Node).
 */
export interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<WebAssemblyModule>;
  instantiate(module: WebAssemblyModule): Promise<{ readonly exports: unknown }>;
}

/** A compiled module, as `WebAssembly.compile` returns and bundlers for the edge import. */
export type WebAssemblyModule = object;

/** What `WebAssembly.Memory` offers here. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

/** The platform's API, or undefined where there is none. */
export function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
}
