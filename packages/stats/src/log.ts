export type LogLevel = "debug" | "info" | "warn" | "error";

/** Receives every message of delve: a level, a sentence, and the facts in it as fields. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** The default: the console, with a prefix. */
export const consoleLog: Log = (level, message) => {
  console[level](`delve: ${message}`);
};
