import type { InitInput } from "@resvg/resvg-wasm";

/** What the rasteriser is made of; anything that holds or leads to the bytes will do. */
export interface PngAssets {
  /** `index_bg.wasm` of `@resvg/resvg-wasm`: bytes, a compiled module, a response or its URL. */
  readonly wasm: InitInput | Promise<InitInput>;
  /**
   * Fonts as WOFF, TTF, OTF or WOFF2: bytes or URLs. WOFF2 is unpacked anew for every figure, the others are not. The
   * first is the one that figures are measured with, DejaVu Sans.
   */
  readonly fonts: readonly (ArrayBuffer | Uint8Array | URL | string)[];
}
