import { type FigureStyle, type ResolvedStyle, resolveStyle } from "./figure-style.js";
import { countRange, inOneLine } from "./format.js";
import { visibleText } from "./text.js";

/** What every figure has besides its data. */
export interface FigureSpec extends FigureStyle {
  readonly title: string;
  readonly subtitle?: string | undefined;
}

/** The same with every default filled in and every text drawable. */
export interface ResolvedFigure extends ResolvedStyle {
  readonly title: string;
  /** With the range of sample numbers behind it; may be empty. */
  readonly subtitle: string;
}

/**
 * Checks what every figure has and fills in its defaults.
 *
 * @param where - What messages name before an option.
 * @param samples - How many samples each value rests on; 0 for a layer that was not there.
 * @throws {RangeError} If the style is not usable.
 */
export function resolveFigure(
  where: string,
  { title, subtitle = "", ...style }: FigureSpec,
  samples: readonly number[],
): ResolvedFigure {
  const range = countRange(samples.filter((count) => count > 0));
  return {
    title: visibleText(title),
    subtitle: inOneLine(visibleText(subtitle), range),
    ...resolveStyle(where, style),
  };
}

/** What a screen reader says of a figure. */
export function spokenTitle({ title, subtitle }: ResolvedFigure): string {
  return [title, subtitle].filter(Boolean).join(". ");
}
