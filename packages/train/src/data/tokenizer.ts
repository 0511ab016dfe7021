import { CorruptFileError, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";

/** Text to tokens and back; implement it to use any tokenizer. */
export interface Tokenizer {
  /** One more than the largest token. */
  readonly vocabularySize: number;
  /** The token that ends a document, where the tokenizer has one. */
  readonly endOfText?: number;
  /** The tokens of a text, without special tokens around it. */
  encode(text: string): readonly number[];
  /** The text of tokens; the inverse of `encode` as far as the tokenizer keeps its text (byte-level ones do). */
  decode(tokens: ArrayLike<number>): string;
}

/** A `tokenizer.json` or `tokenizer_config.json`: its text, or what JSON.parse makes of it. */
export type TokenizerFile = string | object;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function corrupt(name: string, problem: string, cause?: unknown): CorruptFileError {
  return new CorruptFileError(
    { source: "loadTokenizer", problem: `${name} ${problem}`, remedy: "Give the file as it was published" },
    { cause },
  );
}

function readJson(name: string, file: TokenizerFile): Readonly<Record<string, unknown>> {
  let value: unknown = file;
  if (typeof file === "string") {
    try {
      value = JSON.parse(file);
    } catch (cause) {
      throw corrupt(name, "is not JSON", cause);
    }
  }
  if (!isObject(value)) throw corrupt(name, "is not a JSON object");
  return value;
}

/** What the library knows; it takes any other type for a list of words. Old files have none. */
const models: ReadonlySet<unknown> = new Set(["BPE", "Unigram", "WordPiece"]);

/** The library needs these keys to be there, though all but the model may be null; files leave them out. */
function complete(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { model, added_tokens: added = [] } = json;
  if (!isObject(model) || !model.vocab) throw corrupt("tokenizer.json", "has no model with a vocabulary");
  if (model.type !== undefined && !models.has(model.type)) {
    const problem = `the model of tokenizer.json is ${JSON.stringify(model.type)}`;
    throw new UnsupportedError({ source: "loadTokenizer", problem, remedy: `Give one of ${[...models].join(", ")}` });
  }
  if (!Array.isArray(added)) throw corrupt("tokenizer.json", "has added_tokens that are not a list");
  const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return { ...parts, ...json, added_tokens: added };
}

/** The name of the end-of-text token: a string, or an object with one. */
function endOfTextName({ eos_token: token }: Readonly<Record<string, unknown>>): string | undefined {
  const name = isObject(token) ? token.content : token;
  return typeof name === "string" ? name : undefined;
}

/**
 * The tokenizer of a published model, from its `tokenizer.json` (byte-pair encoding, unigram or word pieces, with its normalizer and pre-tokenizer) and, optionally, its
 * `tokenizer_config.json`, which names the end-of-text token. Needs the optional package `@huggingface/tokenizers`.
 *
 * Special tokens that stand in the text are recognized; none is added around it. A byte-pair encoding that has neither all bytes nor a token for the unknown leaves out
 * what it cannot spell, as the published library does. Texts are decoded as they are: spaces before punctuation stay, unless the configuration
 * sets `clean_up_tokenization_spaces`.
 *
 * @throws UnsupportedError if `@huggingface/tokenizers` is not installed, or the file asks for a part that it does not have
 * @throws CorruptFileError if a file is not a JSON object or has no vocabulary
 * @throws InvalidArgumentError from `encode`, if a text has a part without a token, and from `decode`, if a token is not in the vocabulary
 * @example
 * ```ts
 * import { loadTokenizer } from "@semifactor/train";
 *
 * const vocab = { a: 0, b: 1, ab: 2, "<end>": 3 };
 * const tokenizer = await loadTokenizer(
 *   { model: { type: "BPE", vocab, merges: ["a b"] }, decoder: { type: "Fuse" } },
 *   { eos_token: "<end>" },
 * );
 * expect(tokenizer.encode("abba")).toEqual([2, 1, 0]);
 * expect(tokenizer.decode([2, 1, 0])).toBe("abba");
 * expect(tokenizer.endOfText).toBe(3);
 * ```
 */
export async function loadTokenizer(
  tokenizerJson: TokenizerFile,
  tokenizerConfigJson: TokenizerFile = {},
): Promise<Tokenizer> {
  return createTokenizer(tokenizerJson, tokenizerConfigJson, () => import("@huggingface/tokenizers"));
}

/** {@link loadTokenizer} with the library that `load` gives. */
export async function createTokenizer(
  tokenizerJson: TokenizerFile,
  tokenizerConfigJson: TokenizerFile,
  load: () => Promise<typeof import("@huggingface/tokenizers")>,
): Promise<Tokenizer> {
  const source = "loadTokenizer";
  const json = complete(readJson("tokenizer.json", tokenizerJson));
  const config = readJson("tokenizer_config.json", tokenizerConfigJson);
  let library: Awaited<ReturnType<typeof load>>;
  try {
    library = await load();
  } catch (cause) {
    const problem = "@huggingface/tokenizers cannot be loaded";
    throw new UnsupportedError(
      { source, problem, remedy: "Install it, or write encode and decode yourself" },
      { cause },
    );
  }
  let model: InstanceType<typeof library.Tokenizer>;
  try {
    model = new library.Tokenizer(json, { clean_up_tokenization_spaces: false, ...config });
  } catch (cause) {
    const problem = `@huggingface/tokenizers cannot read tokenizer.json: ${cause instanceof Error ? cause.message : cause}`;
    throw new UnsupportedError(
      { source, problem, remedy: "Check the file, or write encode and decode yourself" },
      { cause },
    );
  }
  let vocabularySize = 0;
  for (const id of model.get_vocab().values()) vocabularySize = Math.max(vocabularySize, id + 1);
  const name = endOfTextName(config);
  const endOfText = name === undefined ? undefined : model.token_to_id(name);
  return {
    vocabularySize,
    ...(endOfText === undefined ? {} : { endOfText }),
    encode(text) {
      const { ids, tokens } = model.encode(text, { add_special_tokens: false });
      const unknown = ids.findIndex((id) => !Number.isInteger(id));
      if (unknown === -1) return ids;
      throw new InvalidArgumentError({
        source: "encode",
        problem: `part ${unknown} of the text, ${JSON.stringify(tokens[unknown] ?? null)}, has no token, and there is none for the unknown`,
        remedy: "Leave it out of the text, or use a byte-level tokenizer",
      });
    },
    decode(tokens) {
      const ids = Array.from(tokens);
      const unknown = ids.findIndex((id) => model.id_to_token(id) === undefined);
      if (unknown !== -1) {
        throw new InvalidArgumentError({
          source: "decode",
          problem: `token ${ids[unknown]} at index ${unknown} is not in the vocabulary`,
          remedy: `Give tokens from 0 to ${vocabularySize - 1} that have a name`,
        });
      }
      return ids.length === 0 ? "" : model.decode(ids);
    },
  };
}
