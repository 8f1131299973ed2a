import type { Picture, ShownSamples } from "../worker/protocol.js";
import { PLANE_REACH } from "../worker/protocol.js";
import type { ClassColors, Look } from "./colors.js";

type Rgb = readonly [number, number, number];

/** Sets a canvas to its size on the page, in device pixels, and clears it; gives a context in CSS pixels. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Paints how sure the network is of each class over the plane. */
export function paintSurface(
  context: CanvasRenderingContext2D,
  size: number,
  { side, values }: Extract<Picture, { kind: "plane" }>,
  colors: ClassColors,
): void {
  const image = new ImageData(side, side);
  values.forEach((value, i) => {
    const toward = value > 0.5 ? colors.one : colors.zero;
    // Points of the same colour have to stand out.
    const share = 0.5 * Math.abs(2 * value - 1);
    image.data.set([...mixed(colors.between, toward, share), 255], 4 * i);
  });
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, size, size);
}

/** Draws points of the plane: discs for class 0, squares for class 1. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  size: number,
  { inputs, classes }: Pick<ShownSamples, "inputs" | "classes">,
  { zero, one, rim }: ClassColors,
  radius = 2.6,
): void {
  const place = (value: number) => (size * (1 + value / PLANE_REACH)) / 2;
  context.lineWidth = 0.8;
  context.strokeStyle = rim;
  classes.forEach((label, i) => {
    const [x, y] = [place(inputs[2 * i]!), place(-inputs[2 * i + 1]!)];
    context.fillStyle = css(label === 0 ? zero : one);
    context.beginPath();
    if (label === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
    else context.rect(x - 0.86 * radius, y - 0.86 * radius, 1.72 * radius, 1.72 * radius);
    context.fill();
    context.stroke();
  });
}

/** Draws one digit into a square. */
export function drawDigit(
  context: CanvasRenderingContext2D,
  [x, y, size]: readonly [x: number, y: number, size: number],
  pixels: Float32Array,
  { isDark }: Look,
): void {
  const side = Math.round(Math.sqrt(pixels.length));
  const image = new ImageData(side, side);
  pixels.forEach((ink, i) => {
    const dose = Math.min(Math.max(ink, 0), 1);
    const grey = Math.round(isDark ? 34 + 210 * dose : 246 - 222 * dose);
    image.data.set([grey, grey, grey, 255], 4 * i);
  });
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, size, size);
}

const mixed = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + share * (b[0] - a[0]),
  a[1] + share * (b[1] - a[1]),
  a[2] + share * (b[2] - a[2]),
];

const css = ([red, green, blue]: Rgb) => `rgb(${red} ${green} ${blue})`;
