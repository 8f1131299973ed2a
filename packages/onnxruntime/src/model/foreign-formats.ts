/** A file that is no ONNX model, by what it begins with. */
interface ForeignFormat {
  readonly name: string;
  readonly at: number;
  readonly magic: string;
}

// What people hand in by mistake: exports of other frameworks, archives, and what a server or a version control
// system gives in place of a large file.
const FOREIGN: readonly ForeignFormat[] = [
  { name: "a Git LFS pointer (the file itself was not downloaded)", at: 0, magic: "version https://git-lfs" },
  { name: "a web page", at: 0, magic: "<" },
  { name: "JSON", at: 0, magic: "{" },
  { name: "a zip archive, as PyTorch and Keras write it", at: 0, magic: "PK\x03\x04" },
  { name: "an HDF5 file", at: 0, magic: "\x89HDF" },
  { name: "a gzip archive", at: 0, magic: "\x1f\x8b" },
  { name: "a GGUF file", at: 0, magic: "GGUF" },
  { name: "a TensorFlow Lite model", at: 4, magic: "TFL3" },
];

/** Whether bytes are a model in ONNX Runtime's own format (`.ort`), a flat buffer with the identifier ORTM. */
export const isOrtFormat = (bytes: Uint8Array): boolean => beginsWith(bytes, 4, "ORTM");

/** What bytes are that are no ONNX model; `null` if they look like nothing known. */
export function foreignFormat(bytes: Uint8Array): string | null {
  return FOREIGN.find(({ at, magic }) => beginsWith(bytes, at, magic))?.name ?? null;
}

function beginsWith(bytes: Uint8Array, at: number, magic: string): boolean {
  for (let i = 0; i < magic.length; i++) if (bytes[at + i] !== magic.charCodeAt(i)) return false;
  return true;
}
