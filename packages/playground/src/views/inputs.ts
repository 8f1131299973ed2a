import { h, setText } from "./dom.js";

/** A control with its label: the element to show, and how to bring it to a value. */
export interface Control<T> {
  readonly element: HTMLElement;
  set(value: T, isEnabled?: boolean): void;
}

/** Takes what a control was brought to. */
type Take<T> = (value: T) => void;

/** What a control is called, and how its values read. */
interface Labels<T> {
  readonly id: string;
  readonly label: string;
  readonly say: (value: T) => string;
  /** One line that says what it does. */
  readonly hint?: string;
}

/** A slider over a list of values. Its text, not its place in the list, is what screen readers say. */
export function slider(
  { id, label, say, hint }: Labels<number>,
  values: readonly number[],
  take: Take<number>,
): Control<number> {
  const output = h("output", { for: id, class: "value", "aria-live": "off" });
  const input = h("input", {
    id,
    type: "range",
    min: 0,
    max: values.length - 1,
    step: 1,
    ...(hint === undefined ? {} : { "aria-describedby": `${id}-hint` }),
    oninput: () => take(values[Number(input.value)]!),
  });
  const show = (value: number) => {
    // The slider says it itself: once, and only where it has changed.
    setText(output, say(value));
    if (input.getAttribute("aria-valuetext") !== say(value)) input.setAttribute("aria-valuetext", say(value));
  };
  const head = h("div", { class: "field-head" }, h("label", { for: id }, label), output);
  return {
    element: h("div", { class: "field" }, head, input, ...hintOf(id, hint)),
    set(value, isEnabled = true) {
      const place = String(nearest(values, value));
      if (input.value !== place) input.value = place;
      input.disabled = !isEnabled;
      show(value);
    },
  };
}

/** A menu over a list of values. */
export function menu<T extends string | number>(
  { id, label, say, hint }: Labels<T>,
  values: readonly T[],
  take: Take<T>,
): Control<T> {
  const options = values.map((value) => h("option", { value: String(value) }, say(value)));
  const select = h("select", { id, onchange: () => take(values[select.selectedIndex]!) }, ...options);
  const head = h("div", { class: "field-head" }, h("label", { for: id }, label), select);
  return {
    element: h("div", { class: "field" }, head, ...hintOf(id, hint)),
    set(value, isEnabled = true) {
      choose(select, values.indexOf(value));
      select.disabled = !isEnabled;
    },
  };
}

/** A group of pictures to choose one from. */
export function tiles<T extends string>(
  { id, label, say }: Labels<T>,
  values: readonly T[],
  picture: (value: T) => Node,
  take: Take<T>,
): Control<T> {
  const inputs = values.map((value) =>
    h("input", { type: "radio", name: id, value, onchange: () => take(value), class: "visually-hidden" }),
  );
  const items = values.map((value, i) =>
    h("label", { class: "tile" }, inputs[i]!, picture(value), h("span", {}, say(value))),
  );
  const legend = h("legend", {}, label);
  return {
    element: h("fieldset", { class: "tiles", id }, legend, h("div", { class: "tile-grid" }, ...items)),
    set(value) {
      inputs.forEach((input) => {
        input.checked = input.value === value;
      });
    },
  };
}

/** Brings a menu to its item at a place; one that is there is left alone, for it may be open. */
export function choose(select: HTMLSelectElement, place: number): void {
  if (select.selectedIndex !== place) select.selectedIndex = place;
}

/** Place of the value in a list that comes nearest. */
function nearest(values: readonly number[], value: number): number {
  const gaps = values.map((one) => Math.abs(one - value));
  return gaps.indexOf(Math.min(...gaps));
}

function hintOf(id: string, hint: string | undefined): HTMLElement[] {
  return hint === undefined ? [] : [h("p", { id: `${id}-hint`, class: "hint" }, hint)];
}
