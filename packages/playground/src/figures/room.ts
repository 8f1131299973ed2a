/** Room for a figure, in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

const PIXELS_PER_INCH = 96;

/** The same in inches, as figures take it. */
export const figsizeOf = ({ width, height }: Room): [width: number, height: number] => [
  width / PIXELS_PER_INCH,
  height / PIXELS_PER_INCH,
];
