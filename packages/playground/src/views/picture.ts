import type { Picture, ShownSamples } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { h } from "./dom.js";
import { drawDigit, drawPoints, fitCanvas, paintSurface } from "./samples.js";

/** Digits in a row, and of all, where there is room; and where a picture is less wide than `SMALL` pixels. */
const COLUMNS = 6;
const SMALL = 150;
const SMALL_COLUMNS = 3;
const SMALL_COUNT = 12;
/** Of a digit's width: the line below it, with what the network reads. */
const READING = 0.42;

/** A canvas that shows what a network says of the samples, with the same in words beside it. */
export class PictureCanvas {
  readonly element = h("canvas", { role: "img", class: "picture", "aria-label": "" });

  /** @param name - What the picture shows; its words begin with it. */
  draw(samples: ShownSamples, picture: Picture, look: Look, name: string): void {
    const width = this.element.clientWidth || 240;
    if (picture.kind === "plane") {
      this.#drawPlane(samples, picture, look, width);
      this.element.setAttribute("aria-label", `${name}. ${planeInWords(samples, picture)}`);
    } else {
      const count = width < SMALL ? SMALL_COUNT : samples.classes.length;
      const shown = { ...samples, classes: samples.classes.subarray(0, count) };
      this.#drawDigits(shown, picture.readings, look, width);
      this.element.setAttribute("aria-label", `${name}. ${readingsInWords(shown, picture.readings)}`);
    }
  }

  #drawPlane(
    samples: ShownSamples,
    picture: Extract<Picture, { kind: "plane" }>,
    { classes }: Look,
    width: number,
  ): void {
    this.element.style.aspectRatio = "1";
    const context = fitCanvas(this.element, width, width);
    paintSurface(context, width, picture, classes);
    drawPoints(context, width, samples, classes, Math.max(1.4, width / 130));
  }

  #drawDigits(
    { shape, inputs, classes }: ShownSamples,
    readings: Uint8Array,
    look: Look,
    width: number,
  ): void {
    const columns = width < SMALL ? SMALL_COLUMNS : COLUMNS;
    const rows = Math.ceil(classes.length / columns);
    const cell = width / columns;
    const height = rows * cell * (1 + READING);
    this.element.style.aspectRatio = `${width} / ${height}`;
    const context = fitCanvas(this.element, width, height);
    const pixels = shape.reduce((product, n) => product * n, 1);
    classes.forEach((label, i) => {
      const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * cell * (1 + READING)];
      const gap = 0.08 * cell;
      const digit = inputs.subarray(i * pixels, (i + 1) * pixels);
      drawDigit(context, [x + gap, y + gap, cell - 2 * gap], digit, look);
      this.#writeReading(context, [x, y, cell], readings[i]!, label, look);
    });
  }

  #writeReading(
    context: CanvasRenderingContext2D,
    [x, y, cell]: readonly [number, number, number],
    reading: number,
    label: number,
    { figures }: Look,
  ): void {
    const isRight = reading === label;
    context.font = `${isRight ? "" : "bold "}${Math.round(0.3 * cell)}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.fillStyle = isRight ? figures.muted : figures.palette[1]!;
    // A cross, not only a colour, marks what is misread.
    context.fillText(isRight ? String(reading) : `${reading} ✗`, x + cell / 2, y + 1.25 * cell);
  }
}

function readingsInWords({ classes }: ShownSamples, readings: Uint8Array): string {
  const wrong = [...classes].flatMap((label, i) =>
    readings[i] === label ? [] : [`a ${label} as ${readings[i]}`],
  );
  const right = classes.length - wrong.length;
  return `${right} of ${classes.length} digits are read right${wrong.length > 0 ? `; ${wrong.join(", ")}` : ""}.`;
}

function planeInWords({ classes }: ShownSamples, { values }: Extract<Picture, { kind: "plane" }>): string {
  const share = values.reduce((sum, value) => sum + Number(value > 0.5), 0) / values.length;
  const percentage = Math.round(100 * share);
  return `${classes.length} points; ${percentage} % of the plane is taken for class 1, the squares, the rest for class 0, the discs.`;
}
