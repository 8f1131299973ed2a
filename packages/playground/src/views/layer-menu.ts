import type { Playground } from "../playground.js";
import { layerNames } from "../state/layers.js";
import type { Settings } from "../state/settings.js";
import { h } from "./dom.js";
import { choose } from "./inputs.js";

/** A menu of the network's layers: the one that is looked at closely, the same in every part of the page. */
export class LayerMenu {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;
  #names = "";

  constructor(id: string, playground: Playground) {
    this.#select = h("select", {
      id,
      onchange: () => playground.change({ layer: this.#select.selectedIndex }),
    });
    const head = h("div", { class: "field-head" }, h("label", { for: id }, "Layer"), this.#select);
    this.element = h("div", { class: "field" }, head);
  }

  render(settings: Settings): void {
    const names = layerNames(settings);
    if (names.join() !== this.#names) {
      this.#names = names.join();
      this.#select.replaceChildren(...names.map((name) => h("option", {}, name)));
    }
    choose(this.#select, settings.layer);
  }
}
