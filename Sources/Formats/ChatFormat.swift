import Documents

/// How a conversation becomes text: `<|user|>question<|NAME|>answer<|end|>`, with `<|system|>text`
/// before it where there is a system turn.
///
/// NAME is the author who answers, `assistant` if none is given, so that one model can speak for
/// many authors. A question needs no end: the next author's token follows it.
package enum ChatFormat {
  package static let endOfTurn = "<|end|>"
  package static let user = "<|user|>"
  package static let assistant = "<|assistant|>"
  package static let system = "<|system|>"

  /// The token that an author's answers begin with.
  package static func author(_ name: String?) -> String { "<|\(name ?? "assistant")|>" }

  /// The special tokens in the order of their ids: end, user, assistant, system if there are such
  /// turns, then the authors.
  package static func specialTokens(authors: [String], withSystem: Bool = true) -> [String] {
    [endOfTurn, user, assistant] + (withSystem ? [system] : [])
      + authors.filter { $0 != "assistant" }.map { author($0) }
  }

  /// The same format as a Jinja template, for transformers and what builds on it.
  package static let template = """
    {%- for message in messages -%}\
    {%- if message['role'] in ['user', 'system'] -%}\
    {{- '<|' + message['role'] + '|>' + message['content'] -}}\
    {%- elif message['role'] == 'assistant' -%}\
    {{- '<|' + (message['name'] if message['name'] else 'assistant') + '|>' -}}\
    {%- generation -%}{{- message['content'] + '<|end|>' -}}{%- endgeneration -%}\
    {%- else -%}\
    {{- raise_exception('only system, user and assistant turns are known, not ' + message['role']) -}}\
    {%- endif -%}\
    {%- endfor -%}\
    {%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
    """

  /// `tokenizer_config.json`. The class keeps transformers from replacing the tokenizer's parts by
  /// those of the model's family.
  static func tokenizerConfiguration(endOfTurn: String) -> JSON {
    [
      "tokenizer_class": "PreTrainedTokenizerFast",
      "bos_token": nil,
      "eos_token": .string(endOfTurn),
      "pad_token": .string(endOfTurn),
      "unk_token": nil,
      "add_bos_token": false,
      "add_eos_token": false,
      "clean_up_tokenization_spaces": false,
      "model_input_names": ["input_ids", "attention_mask"],
      "chat_template": .string(template),
    ]
  }
}
