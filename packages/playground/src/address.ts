import type { Playground } from "./playground.js";

/** Milliseconds that settings have to rest. Browsers refuse pages that change their address again and again. */
const REST = 150;

/** The parts of a window that are used. */
export interface AddressBar {
  readonly location: Pick<Location, "pathname" | "search">;
  readonly history: Pick<History, "replaceState">;
}

/** Keeps the address of the page in step with the settings. */
export class Address {
  readonly #bar: AddressBar;
  readonly #playground: Playground;
  #written: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param query - What the address holds now. */
  constructor(bar: AddressBar, playground: Playground, query: string) {
    this.#bar = bar;
    this.#playground = playground;
    this.#written = query;
  }

  /** Takes up settings that the address has come to hold. */
  read(query: string): void {
    this.#written = query;
    this.#playground.read(query);
  }

  /** Writes the settings down when they have come to rest; nothing where they are as written. */
  follow(): void {
    clearTimeout(this.#timer);
    if (this.#playground.query !== this.#written) this.#timer = setTimeout(() => this.#write(), REST);
  }

  #write(): void {
    const { location, history } = this.#bar;
    this.#written = this.#playground.query;
    const address = this.#written === "" ? location.pathname + location.search : `#${this.#written}`;
    history.replaceState(null, "", address);
  }
}
