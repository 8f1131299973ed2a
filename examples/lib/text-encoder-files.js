import { textEncoder } from "./text-encoder.js";

/** Words that the tokenizer knows; others are [UNK]. */
const WORDS =
  `a about after all an and any are as at be but by can data deep does each few for from had has have how
in input is it its knows layer layers learn less like long many more most much network not of off on one only open or
other output over part short so some space than that the their then there these they this to too use used uses
variance was what when where which who why will with word words you`.split(/\s+/);
const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
const LONGEST = 64;

/**
 * Writes a text encoder with random weights as a folder that transformers.js loads: `config.json`, `tokenizer.json`,
 * `tokenizer_config.json` and `onnx/model.onnx`.
 *
 * @param {string} folder
 * @param {{ layers: number, width: number, heads: number, seed?: number }} size
 * @param {{ mkdirSync: Function, writeFileSync: Function, join: Function }} files - Of `node:fs` and `node:path`.
 */
export function writeTextEncoder(folder, size, { mkdirSync, writeFileSync, join }) {
  mkdirSync(join(folder, "onnx"), { recursive: true });
  for (const [name, content] of Object.entries(textEncoderFiles(size))) {
    writeFileSync(join(folder, name), content);
  }
}

/** The files of that folder by name: text, and the model as bytes. */
export function textEncoderFiles({ layers, width, heads, seed = 1 }) {
  const vocabulary = [...SPECIAL, ...WORDS];
  const config = {
    model_type: "bert",
    architectures: ["BertModel"],
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: 4 * width,
    max_position_embeddings: LONGEST,
    vocab_size: vocabulary.length,
    type_vocab_size: 2,
  };
  return {
    "config.json": JSON.stringify(config),
    "tokenizer.json": JSON.stringify(tokenizer(vocabulary)),
    "tokenizer_config.json": JSON.stringify({
      tokenizer_class: "BertTokenizer",
      do_lower_case: true,
      model_max_length: LONGEST,
      pad_token: "[PAD]",
      unk_token: "[UNK]",
      cls_token: "[CLS]",
      sep_token: "[SEP]",
    }),
    "onnx/model.onnx": textEncoder({
      layers,
      width,
      heads,
      seed,
      vocabulary: vocabulary.length,
      longest: LONGEST,
    }),
  };
}

/** Words as they stand, between [CLS] and [SEP]: the format of the `tokenizers` library. */
function tokenizer(vocabulary) {
  const special = (content) => ({
    id: vocabulary.indexOf(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const token = (id) => ({ SpecialToken: { id, type_id: 0 } });
  const named = (id) => ({ id, ids: [vocabulary.indexOf(id)], tokens: [id] });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map(special),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [token("[CLS]"), { Sequence: { id: "A", type_id: 0 } }, token("[SEP]")],
      pair: [
        token("[CLS]"),
        { Sequence: { id: "A", type_id: 0 } },
        token("[SEP]"),
        { Sequence: { id: "B", type_id: 0 } },
        token("[SEP]"),
      ],
      special_tokens: { "[CLS]": named("[CLS]"), "[SEP]": named("[SEP]") },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
}
