/**
 * Has the browser keep the page, so that it opens without a network, too. Where it cannot, nothing else is different.
 */
export function keepForOffline(): void {
  // Absent where the page is not served safely.
  navigator.serviceWorker?.register("./service-worker.js").catch(() => {});
}
