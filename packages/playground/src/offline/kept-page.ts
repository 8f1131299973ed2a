import type { Manifest } from "./manifest.js";

/** The parts of a service worker's global scope that are used. */
export interface Surroundings {
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
  /** Address of the folder that the page lies in. */
  readonly scope: string;
}

/**
 * One build of the page, kept for when there is no network.
 *
 * An asset that is kept is never stale, since its name tells what it holds. The page is asked of the network first, and
 * taken from what is kept only where that fails: who has a network sees the newest build.
 */
export class KeptPage {
  readonly #manifest: Manifest;
  readonly #surroundings: Surroundings;
  readonly #assets: ReadonlySet<string>;
  readonly #prefix: string;

  constructor(manifest: Manifest, surroundings: Surroundings) {
    this.#manifest = manifest;
    this.#surroundings = surroundings;
    this.#assets = new Set(manifest.assets.map((name) => new URL(name, surroundings.scope).href));
    // Other pages of the site may keep something, too.
    this.#prefix = `delve-playground ${surroundings.scope} `;
  }

  /** Fetches and keeps all of it, or fails and keeps nothing. */
  async keep(): Promise<void> {
    const { page } = this.#manifest;
    // Refused where another build has taken this one's place meanwhile: it would name other assets.
    const request = new Request(this.#surroundings.scope, { integrity: page, cache: "no-cache" });
    const cache = await this.#cache();
    await cache.addAll([request, ...this.#assets]);
  }

  /** Lets other builds go. */
  async forgetOthers(): Promise<void> {
    const { caches } = this.#surroundings;
    const names = await caches.keys();
    const others = names.filter((name) => name.startsWith(this.#prefix) && name !== this.#name);
    await Promise.all(others.map((name) => caches.delete(name)));
  }

  /** Answers a request for a part of the page; `null` for any other, which is none of its business. */
  answer(request: Pick<Request, "method" | "mode" | "url">): Promise<Response> | null {
    if (request.method !== "GET") return null;
    if (request.mode === "navigate") return this.#isPage(request.url) ? this.#page(request) : null;
    return this.#assets.has(request.url) ? this.#asset(request) : null;
  }

  #isPage(url: string): boolean {
    const { origin, pathname } = new URL(url);
    const { scope } = this.#surroundings;
    return [scope, `${scope}index.html`].includes(origin + pathname);
  }

  async #page(request: Pick<Request, "url">): Promise<Response> {
    try {
      return await this.#surroundings.fetch(request as Request);
    } catch (error) {
      return (await this.#kept(this.#surroundings.scope)) ?? Promise.reject(error);
    }
  }

  async #asset(request: Pick<Request, "url">): Promise<Response> {
    return (await this.#kept(request.url)) ?? this.#surroundings.fetch(request as Request);
  }

  async #kept(url: string): Promise<Response | undefined> {
    return (await this.#cache()).match(url);
  }

  get #name(): string {
    return this.#prefix + this.#manifest.version;
  }

  #cache(): Promise<Cache> {
    return this.#surroundings.caches.open(this.#name);
  }
}
