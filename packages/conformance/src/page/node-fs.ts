// In a page, what cases use of node:fs: fixtures, which the page's server has.

/** The little of the DOM that this needs. */
interface Request {
  responseText: string;
  readonly status: number;
  open(method: string, url: string, async: boolean): void;
  overrideMimeType(type: string): void;
  send(): void;
}

/** What a file holds, as bytes or, with an encoding, as text. */
export function readFileSync(path: string, encoding?: "utf8"): Uint8Array | string {
  const request = new (globalThis as unknown as { XMLHttpRequest: new () => Request }).XMLHttpRequest();
  request.open("GET", path, false);
  // Each byte becomes a character whose low eight bits it is.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`readFileSync: ${path} must be there, got ${request.status}`);
  const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
  return encoding === undefined ? bytes : new TextDecoder(encoding).decode(bytes);
}
