// The service worker: lets the page be opened again where there is no network. The build writes the manifest.
import { KeptPage } from "./kept-page.js";
import type { Manifest } from "./manifest.js";

/** What is used of the events and the global scope of a service worker, whose types exclude those of a page. */
interface LifeEvent {
  waitUntil(done: Promise<void>): void;
}
interface AskedEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: LifeEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: AskedEvent) => void): void;
}

declare const __MANIFEST__: Manifest;

const self = globalThis as unknown as Scope;
const page = new KeptPage(__MANIFEST__, {
  caches,
  fetch: (request) => fetch(request),
  scope: self.registration.scope,
});

// A page that is open has all that it needs: the newest build can take over at once.
self.addEventListener("install", (event) => event.waitUntil(page.keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(page.forgetOthers()));
self.addEventListener("fetch", (event) => {
  const answer = page.answer(event.request);
  if (answer !== null) event.respondWith(answer);
});
