import { THEMES, type Theme } from "@delve/stats/plot";

/** Colours of the classes of a plane: violet and amber, which colour-blind readers tell apart, and grey print too. */
export interface ClassColors {
  readonly zero: readonly [red: number, green: number, blue: number];
  readonly one: readonly [red: number, green: number, blue: number];
  /** Where the network does not know. */
  readonly between: readonly [red: number, green: number, blue: number];
  /** Around points. */
  readonly rim: string;
}

/** Colours of everything that is drawn, for paper-like and for dark pages. */
export interface Look {
  readonly isDark: boolean;
  readonly figures: Theme;
  readonly classes: ClassColors;
}

const LOOKS: Readonly<Record<"light" | "dark", Look>> = {
  light: {
    isDark: false,
    figures: THEMES.light,
    classes: { zero: [94, 66, 166], one: [232, 160, 0], between: [250, 250, 252], rim: "#ffffff" },
  },
  dark: {
    isDark: true,
    figures: { ...THEMES.dark, background: "#161b22" },
    classes: { zero: [140, 110, 230], one: [242, 180, 40], between: [22, 27, 34], rim: "#0d1117" },
  },
};

const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** The look that the reader prefers, now. */
export const currentLook = (): Look => LOOKS[dark.matches ? "dark" : "light"];

/** Calls back whenever that changes. */
export function onLookChange(callback: () => void): void {
  dark.addEventListener("change", callback);
}
