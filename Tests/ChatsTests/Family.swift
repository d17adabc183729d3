import Chats
import Core
import Corpora
import Formats
import Foundation
import Testing
import Templates

/// Templates in the manner of known families, in words of our own, and what they should give.
struct Family: Sendable, CustomTestStringConvertible {
  let name: String
  let template: String
  var tokens: [String: String] = [:]
  let special: [String]
  /// The trained texts of ``Family/conversation``.
  let trained: [String]
  var defaultSystemPrompt: String?

  var testDescription: String { name }

  static let conversation = [
    Message(role: .user, content: "One?"), Message(role: .assistant, content: "First."),
    Message(role: .user, content: "Two?"), Message(role: .assistant, content: "Second é 🙂."),
  ]

  /// A tokenizer that knows the family's tokens, and a little English.
  var rows: RowTokenizer {
    get throws {
      let trainer = BPETrainer(vocabularySize: 300 + special.count, specialTokens: special)
      let tokenizer = trainer.train(texts: ["One? Two? First. Second. user assistant system\n"])
      return RowTokenizer(
        tokenizer: tokenizer, template: try chat, endToken: tokens["eos_token"])
    }
  }

  var chat: ChatTemplate {
    get throws {
      try ChatTemplate(
        template, file: "chat_template.jinja", specialTokens: tokens,
        time: TemplateTime(year: 2026, month: 3, day: 7))
    }
  }

  static let marked = ["<|im_start|>", "<|im_end|>"]

  static let all = [
    Family(
      name: "ChatML with a default system prompt",
      template: """
        {%- if messages[0].role == 'system' %}
            {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
        {%- else %}
            {{- '<|im_start|>system\\nYou are a good helper.<|im_end|>\\n' }}
        {%- endif %}
        {%- for m in messages %}
            {%- if not (loop.first and m.role == 'system') %}
                {{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' + '\\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
        """,
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "Second é 🙂.<|im_end|>"],
      defaultSystemPrompt: "You are a good helper."),
    Family(
      name: "ChatML without one",
      template: """
        {% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] | trim + '<|im_end|>\\n' }}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """,
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "Second é 🙂.<|im_end|>"]),
    Family(
      name: "headers with a date",
      template: """
        {{- bos_token }}
        {%- if messages[0]['role'] == 'system' %}
            {%- set said = messages[0]['content'] | trim %}{%- set messages = messages[1:] %}
        {%- else %}{%- set said = '' %}{%- endif %}
        {{- '<|head|>system<|/head|>\\n\\nToday: ' + strftime_now('%d %b %Y') + '\\n\\n' + said + '<|eot|>' }}
        {%- for m in messages %}
            {{- '<|head|>' + m['role'] + '<|/head|>\\n\\n' + m['content'] | trim + '<|eot|>' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|head|>assistant<|/head|>\\n\\n' }}{%- endif %}
        """,
      tokens: ["bos_token": "<|begin|>", "eos_token": "<|eot|>"],
      special: ["<|begin|>", "<|head|>", "<|/head|>", "<|eot|>"],
      trained: ["First.<|eot|>", "Second é 🙂.<|eot|>"],
      defaultSystemPrompt: "<|head|>system<|/head|>\n\nToday: 07 Mar 2026\n\n<|eot|>"),
    Family(
      name: "brackets",
      template: """
        {% if messages[0]['role'] == 'system' %}{% set said = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' %}\
        {% set turns = messages[1:] %}{% else %}{% set said = '' %}{% set turns = messages %}{% endif %}\
        {% for m in turns %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}\
        {{ raise_exception('turns must alternate') }}{% endif %}{% if m['role'] == 'user' %}\
        {{ bos_token + '[INST] ' + (said if loop.first else '') + m['content'].strip() + ' [/INST]' }}\
        {% else %}{{ ' ' + m['content'].strip() + ' ' + eos_token }}{% endif %}{% endfor %}
        """,
      tokens: ["bos_token": "<s>", "eos_token": "</s>"], special: ["<s>", "</s>"],
      trained: [" First. </s>", " Second é 🙂. </s>"]),
    Family(
      name: "brackets with a default system prompt",
      template: """
        {% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' }}\
        {% if loop.first %}{{ '<<SYS>>\\nBe kind.\\n<</SYS>>\\n\\n' }}{% endif %}{{ m['content'] + ' [/INST]' }}\
        {% elif m['role'] == 'assistant' %}{{ ' ' + m['content'] + ' ' + eos_token }}{% endif %}{% endfor %}
        """,
      tokens: ["bos_token": "<s>", "eos_token": "</s>"], special: ["<s>", "</s>"],
      trained: [" First. </s>", " Second é 🙂. </s>"],
      defaultSystemPrompt: "<<SYS>>\nBe kind.\n<</SYS>>"),
    Family(
      name: "system text before the first question",
      template: """
        {{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}{{ '[INST] ' + \
        (messages[0]['content'] + '\\n\\n' if messages[0]['role'] == 'system' and loop.index0 == 1 else '') + \
        m['content'] + '[/INST]' }}{% elif m['role'] == 'assistant' %}{{ ' ' + m['content'] + eos_token }}\
        {% endif %}{% endfor %}
        """,
      tokens: ["bos_token": "<s>", "eos_token": "</s>"],
      special: ["<s>", "</s>", "[INST]", "[/INST]"],
      trained: [" First.</s>", " Second é 🙂.</s>"]),
    Family(
      name: "role lines",
      template: """
        {% for m in messages %}
        {% if m['role'] == 'user' %}
        {{ '<|user|>\\n' + m['content'] + eos_token }}
        {% elif m['role'] == 'system' %}
        {{ '<|system|>\\n' + m['content'] + eos_token }}
        {% else %}
        {{ '<|assistant|>\\n' + m['content'] + eos_token }}
        {% endif %}
        {% if loop.last and add_generation_prompt %}
        {{ '<|assistant|>' }}
        {% endif %}
        {% endfor %}
        """,
      tokens: ["bos_token": "<s>", "eos_token": "</s>"], special: ["<s>", "</s>"],
      trained: ["First.</s>", "Second é 🙂.</s>"]),
    Family(
      name: "thoughts dropped from earlier turns",
      template: """
        {%- set ns = namespace(last=-1) %}
        {%- for m in messages %}{%- if m.role == 'user' %}{%- set ns.last = loop.index0 %}{%- endif %}{%- endfor %}
        {%- for m in messages %}
            {%- if m.role == 'assistant' %}
                {%- set said = m.content.split('</think>')[-1].lstrip('\\n') %}
                {%- set thought = m.content.split('</think>')[0].split('<think>')[-1].strip('\\n') if '</think>' in m.content else '' %}
                {{- '<|im_start|>assistant\\n' }}
                {%- if loop.index0 > ns.last %}{{- '<think>\\n' + thought + '\\n</think>\\n\\n' }}{%- endif %}
                {{- said + '<|im_end|>\\n' }}
            {%- else %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
        """,
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "<think>\n\n</think>\n\nSecond é 🙂.<|im_end|>"]),
    Family(
      name: "marked turns",
      template: """
        {% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}{% if m.role == 'assistant' %}\
        {% generation %}{{ m.content + '<|im_end|>' }}{% endgeneration %}{% else %}{{ m.content + '<|im_end|>' }}\
        {% endif %}{{ '\\n' }}{% endfor %}
        """,
      tokens: ["eos_token": "<|im_end|>"], special: marked,
      trained: ["First.<|im_end|>", "Second é 🙂.<|im_end|>"]),
    Family(
      name: "no token behind answers",
      template: """
        {% for m in messages %}{{ ('### Question: ' if m.role == 'user' else '### Answer: ') + m.content + '\\n\\n' }}\
        {% endfor %}{% if add_generation_prompt %}{{ '### Answer: ' }}{% endif %}
        """,
      special: ["<|end|>"], trained: ["First.", "Second é 🙂."]),
  ]
}
