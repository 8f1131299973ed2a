/**
 * A name as the name of one file or folder, on every system: signs that would part a path, that Windows forbids or
 * that hide a file are percent-encoded (`a/b` → `a%2Fb`), harmless names stay as they are. `unescapeFileName` undoes it.
 *
 * @example
 * escapeFileName("../x"); // "%2E.%2Fx"
 * escapeFileName("features-0"); // "features-0"
 */
export function escapeFileName(name: string): string {
  return name
    .replace(FORBIDDEN, encode)
    .replace(/^\.|[. ]$/g, encode)
    .replace(RESERVED, encode);
}

/**
 * The name behind a file's name.
 *
 * @example
 * unescapeFileName("a%2Fb"); // "a/b"
 */
export function unescapeFileName(fileName: string): string {
  return fileName.replace(/%u([0-9A-F]{4})|%([0-9A-F]{2})/g, (_, unit, byte) =>
    String.fromCharCode(Number.parseInt(unit ?? byte, 16)),
  );
}

// Control characters, what Windows or a path gives a meaning, the escape itself, and halves of a surrogate pair, which UTF-8 cannot hold.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a file name
const FORBIDDEN = /[\u0000-\u001f\u007f"%*/:<>?\\|]|\p{Surrogate}/gu;

// Devices of Windows, with any extension: their first letter.
const RESERVED = /^(?=(con(in\$|out\$)?|prn|aux|nul|(com|lpt)[\d¹²³]) *(\.|$))./i;

function encode(sign: string): string {
  const code = sign.charCodeAt(0).toString(16).toUpperCase();
  return code.length > 2 ? `%u${code}` : `%${code.padStart(2, "0")}`;
}

/** Longest name in bytes: room is left below the usual 255 for `_epoch…` and an extension. */
const LONGEST = 200;

/**
 * Gives each name of a run a folder of its own. Nearly always that is the escaped name itself; a name that is too
 * long, or that some file systems would take for another's (`A` and `a`), gets its beginning and a hash, and an entry in the
 * index.
 */
export class FolderNames {
  readonly #folderOf = new Map<string, string>();
  readonly #index = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** Folders that are not their name, escaped, and which name they stand for, escaped. */
  get index(): [folder: string, escaped: string][] {
    return [...this.#index];
  }

  /** All folders, in the order in which they were first asked for. */
  get order(): string[] {
    return [...this.#folderOf.values()];
  }

  /** The folder of an escaped name, the same each time. */
  folderOf(escaped: string): string {
    const known = this.#folderOf.get(escaped);
    if (known !== undefined) return known;
    let folder = escaped;
    const fits = new TextEncoder().encode(escaped).length <= LONGEST;
    for (let attempt = 0; attempt > 0 || !fits || this.#taken.has(folded(folder)); attempt++) {
      folder = shortened(escaped, attempt);
      if (!this.#taken.has(folded(folder))) break;
    }
    this.use(folder, escaped);
    return folder;
  }

  /** Puts down which folder a name has. */
  use(folder: string, escaped: string): void {
    this.#taken.add(folded(folder));
    this.#folderOf.set(escaped, folder);
    if (folder !== escaped) this.#index.set(folder, escaped);
  }
}

/** What a file system may take for the same: it may ignore case, or how accents are composed. */
const folded = (name: string): string => name.normalize("NFC").toUpperCase().toLowerCase();

function shortened(escaped: string, attempt: number): string {
  let start = "";
  let bytes = 0;
  for (const sign of escaped) {
    bytes += new TextEncoder().encode(sign).length;
    if (bytes > LONGEST / 2) break;
    start += sign;
  }
  return `${start}~${hash(`${attempt}:${escaped}`)}`;
}

/** FNV-1a, 32 bits, of the UTF-16 units; whoever collides is hashed again. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return (state >>> 0).toString(16).padStart(8, "0");
}
