/** What an element gets besides its children: attributes, and listeners by the name of their event. */
export type Properties = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => void)>
>;

/**
 * An element with attributes, listeners (`onclick`) and children. `false` and `undefined` leave an attribute out.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Sets the text of an element, and leaves it alone if it has it: screen readers need not be told again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Runs `draw` only where one of the values it depends on is another one than the last time.
 */
export function whenChanged<Values extends readonly unknown[]>(
  draw: (...values: Values) => void,
): (...values: Values) => void {
  let last: Values | null = null;
  return (...values) => {
    if (last !== null && values.every((value, i) => Object.is(value, last![i]))) return;
    last = values;
    draw(...values);
  };
}

/** A titled part of the page. `id` names its heading, too. */
export function card(id: string, title: string, ...children: readonly (Node | string)[]): HTMLElement {
  const heading = h("h2", { id: `${id}-title` }, title);
  return h("section", { id, class: "card", "aria-labelledby": `${id}-title` }, heading, ...children);
}
