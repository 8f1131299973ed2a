/** On Vercel's edge there is neither a browser's `window` nor Node's `process.versions`. */
export const NO_TENSORFLOW = "TensorFlow.js 4.22 computes nothing where it finds neither a browser nor Node";

/**
 * A place whose jobs are behind an HTTP server: POST `/<job>`.
 *
 * @param {{ address: string, stop(): Promise<void> }} server
 * @param {object} more - Further fields of the place.
 */
export function httpPlace({ address, stop }, more) {
  const job = async (name, request) => {
    const response = await fetch(`${address}/${name}`, {
      method: "POST",
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`status must be 200, got ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  return { job, close: stop, ...more };
}
