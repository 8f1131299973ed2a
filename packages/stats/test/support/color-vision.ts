import { parseHex, type Rgb } from "../../src/plot/color.js";

/** Ways to see colours. */
export type Vision = "trichromat" | "protanope" | "deuteranope" | "tritanope" | "grey";

/** What becomes of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1; luminance for grey). */
const MATRICES: Readonly<Record<Vision, readonly (readonly number[])[]>> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  grey: [
    [0.2126, 0.7152, 0.0722],
    [0.2126, 0.7152, 0.0722],
    [0.2126, 0.7152, 0.0722],
  ],
};

/** CIE L*a*b* (D65) of a colour such as `#0072b2`, as somebody sees it. */
export function labOf(color: string, vision: Vision): Rgb {
  const light = parseHex(color)!.map((part) => linear(part / 255));
  const [r, g, b] = MATRICES[vision].map((row) => {
    const seen = row.reduce((sum, weight, i) => sum + weight * light[i]!, 0);
    return Math.min(1, Math.max(0, seen));
  }) as [number, number, number];
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);

/** Distance of two colours in L*a*b* (ΔE, 1976): 2.3 is just noticeable. */
export function distance(a: string, b: string, vision: Vision): number {
  const [p, q] = [labOf(a, vision), labOf(b, vision)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
