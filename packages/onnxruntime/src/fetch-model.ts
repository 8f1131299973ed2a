import type { ModelFiles } from "./platform.js";

/** A model over the network. Its external data, if it has any, is for the caller to fetch. */
export async function fetchModel(url: string): Promise<ModelFiles> {
  const response = await fetch(url);
  if (!response.ok)
    throw new TypeError(`track: model must be there to fetch, got ${response.status} for ${url}`);
  return { bytes: new Uint8Array(await response.arrayBuffer()), externalData: [] };
}
