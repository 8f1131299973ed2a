import type { OnnxNode } from "../model/types.js";

/** What exporters and quantisers put behind a layer's own name. */
const SUFFIXES: readonly RegExp[] = [
  /:\d+$/,
  /\/(ReadVariableOp|kernel|bias|BiasAdd|MatMul|Conv2D|conv2d)$/i,
  /_(quantized|quant|dequant|dequantized|scale|scales|zero_point|fp16|transposed|cast)$/i,
  /_(Q|q|bnb|int|uint)\d+[A-Z0-9]*$/i,
  /\.(qweight|scales|qzeros|base_layer|_packed_params|kernel)$/,
  /[._](weight|bias|weights|W|B)$/,
];

/** Suffixes taken off one name: they pile up where a model was exported, quantised and converted. */
const MOST_SUFFIXES = 6;

/** Numbers that an exporter has given to a value which has no name of its own. */
const NUMBERED =
  /^(onnx::.*|\d+|_?(val|v|t|tensor|const|constant|Parameter|param|initializer|weight|bias|w|b)_?\d+|const_fold_opt__.*|ortshared_.*)$/i;

/** Names that say what a parameter is, and not whose. */
const GENERIC = /^(weights?|bias|kernel|w|b|param|const|constant|initializer)$/i;

/** PyTorch's names of the parameters of recurrent layers: `lstm.weight_ih_l1` is of layer 1. */
const RECURRENT = /[._](?:weight|bias)_(?:[ih]h|hr)_l(\d+)(?:_reverse)?$/;

/**
 * A layer's name from that of one of its parameters: `features.0.weight` gives `features.0`. `null` if the name is
 * only a number in disguise, as `onnx::MatMul_123`.
 */
export function nameOfParameter(parameter: string | null): string | null {
  if (parameter === null || NUMBERED.test(parameter) || GENERIC.test(parameter)) return null;
  const level = RECURRENT.exec(parameter);
  if (level !== null) return parameter.slice(0, level.index) + (level[1] === "0" ? "" : `.l${level[1]}`);
  let name = parameter;
  for (let i = 0; i < MOST_SUFFIXES; i++) {
    const suffix = SUFFIXES.find((pattern) => pattern.test(name));
    if (suffix === undefined) break;
    name = name.replace(suffix, "");
  }
  // A number is a name where it is that of a module: `7.weight`.
  return name === "" || (NUMBERED.test(name) && !/^\d+$/.test(name)) ? null : name;
}

/**
 * Names for a node, from the most telling on: the module that PyTorch's exporter put into a name such as
 * `/encoder/layer.0/query/MatMul`, the name as it is, the operator with its output.
 */
export function namesOfNode({ name, opType, outputs }: OnnxNode): string[] {
  const names: string[] = [];
  const path = /^\/(.+)\/([^/]+)$/.exec(name);
  // Each module's own name holds those of the modules around it only where it stands in a list: /features/features.0.
  if (path !== null && path[2]!.replace(/_\d+$/, "") === opType) names.push(modulePath(path[1]!));
  if (name !== "") names.push(name);
  const output = outputs.find((value) => value !== "") ?? "";
  names.push(output === "" ? opType : `${opType}_${output}`);
  return names;
}

/** `features/features.0` is the module `features.0`; `layer.1/attention` is `layer.1.attention`. */
function modulePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (parts.length > 0 && part.startsWith(`${parts.at(-1)}.`)) parts.pop();
    parts.push(part);
  }
  return parts.join(".");
}

/** Gives out names, each once. */
export class Names {
  readonly #given = new Set<string>();
  /** The number that was last put behind a name. */
  readonly #copies = new Map<string, number>();

  /** The first that is free; if none is, the first with a number. */
  give(wishes: readonly string[]): string {
    const free = wishes.find((wish) => !this.#given.has(wish)) ?? this.#numbered(wishes[0]!);
    this.#given.add(free);
    return free;
  }

  #numbered(wish: string): string {
    let copy = (this.#copies.get(wish) ?? 1) + 1;
    while (this.#given.has(`${wish}-${copy}`)) copy++;
    this.#copies.set(wish, copy);
    return `${wish}-${copy}`;
  }
}
