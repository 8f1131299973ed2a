/** A rectangle in pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Free space around a figure, in pixels. */
export const PADDING = 20;
/** Length of a tick, in pixels. */
export const TICK = 5;
/** Space between a tick's end and its text, in pixels. */
export const TICK_GAP = 4;
/** Size of axis text over that of the subtitle. */
export const SMALL = 0.92;
/** Size of values beside points, and of many layers' names. */
export const SMALLER = 0.8;

const MANY_LAYERS = 60;

/** Size of layers' names over that of the subtitle. */
export function nameScale(layers: number): number {
  return layers > MANY_LAYERS ? SMALLER : SMALL;
}
