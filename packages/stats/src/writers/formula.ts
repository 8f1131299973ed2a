// Spreadsheets run a cell as a formula that begins with one of = + - @, and may skip spaces before it; which sign parts
// cells is a setting, so that a cell may begin after any of these.
const PARTING = '[,;|"\\t\\n\\r]';
const FORMULA = " *[=+@\\-＝＋－＠]";

const HARMFUL = new RegExp(`(?:^|(?<=${PARTING}))(?='*${FORMULA})|^(?='*[\\t\\n\\r])`, "g");
const HARMLESS = new RegExp(`(?:^|(?<=${PARTING}))'(?='*${FORMULA})|^'(?='*[\\t\\n\\r])`, "g");

/**
 * A name as a cell that no spreadsheet takes for a formula: a `'` stands before what would begin one. Nearly every
 * name stays as it is. `plainName` undoes it.
 *
 * @example
 * inertName("=cmd()"); // "'=cmd()"
 * inertName("train-saturation_fc"); // "train-saturation_fc"
 */
export const inertName = (name: string): string => name.replace(HARMFUL, "'");

/**
 * The name behind a cell that `inertName` made.
 *
 * @example
 * plainName("'=cmd()"); // "=cmd()"
 */
export const plainName = (cell: string): string => cell.replace(HARMLESS, "");
