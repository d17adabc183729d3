import Core
import Testing

@testable import Formats

@Suite("Patterns of module names")
struct ModulePatternTests {
  static let path = "model.layers.12.self_attn.q_proj"

  /// Expectations are Python's `re.fullmatch`.
  @Test(
    "Whole paths match as in Python",
    arguments: [
      (#".*q_proj"#, true), (#"q_proj"#, false), (#".*\.q_proj$"#, true), (#"^model\..*"#, true),
      (#".*\.(q|v)_proj"#, true), (#".*\.(?:k|v)_proj"#, false), (#"model.layers.\d+.*"#, true),
      (#"model\.layers\.[0-9]{1,2}\..*"#, true), (#"model\.layers\.\d{3,}\..*"#, false),
      (#"model\.layers\.1?2\.self_attn\.[qkv]_proj"#, true), (#".*\.[^kv]_proj"#, true),
      (#".*\.[^qkv]_proj"#, false), (#"[a-z_.\d]+"#, true), (#"[\w.]+"#, true), (#"\w+"#, false),
      (#".*\bself_attn\b.*"#, true), (#".*\battn\b.*"#, false), (#".*\Battn.*"#, true),
      (#"(model|x)(\.\w+)*"#, true), (#"(a*)*model.*"#, true), (#"|.*q_proj"#, true),
      (#".*?(?:self_attn|mlp).*?(?:q_proj|up_proj).*?"#, true), (#"()*.*"#, true),
      (#"[]m]odel.*"#, true), (#".*[\]-]"#, false), (#".*[-j]"#, true), (#".{32}"#, true),
      (#".{33}"#, false), (#"\Amodel.*\Z"#, true), (#"model$.*"#, false), (#""#, false),
    ])
  func matches(_ source: String, _ expected: Bool) throws {
    #expect(try ModulePattern(source).matches(Self.path) == expected)
  }

  @Test(
    "What is not supported is named",
    arguments: [
      ("(?=q)", "\"(?\""), ("(?P<n>q)", "\"(?\""), ("(?i)q", "\"(?\""), (#"(q)\1"#, #"\1"#),
      ("(q", "unpaired \"(\""), ("q)", "unpaired \")\""), ("[q", "unpaired \"[\""),
      ("*q", "repetition of nothing"), ("q**", "repetition of a repetition"), ("q{2", "unclear"),
      ("q{3,2}", "unclear"), ("q{9999}", "unclear"), (#"q\"#, #"final "\""#), ("[z-a]", "unclear"),
      (#"\p{L}"#, #"\p"#), (String(repeating: "(", count: 50), "nested"),
      ("(((q{99}){99}){99}){99}", "too large"), ("(((){999}){999}){999}", "too large"),
      (String(repeating: "q", count: 5000), "5000 bytes"),
    ])
  func refused(_ source: String, _ part: String) {
    let error = #expect(throws: InputError.self) { try ModulePattern(source) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("An expression that stalls backtracking readers takes no time")
  func hostile() throws {
    let text = String(repeating: "a", count: 60) + "!"
    for source in ["(a+)+", "(a|a)*", "(a*)*b", "(.*.*.*.*.*)*x", "(a?){60}a{60}"] {
      let start = ContinuousClock.now
      #expect(try !ModulePattern(source).matches(text))
      #expect(ContinuousClock.now - start < .seconds(1), "\(source)")
    }
  }

  @Test("Half a second of changed patterns: an error or an answer, never a crash")
  func fuzz() throws {
    var fuzzer = Fuzzer(
      random: RandomStream(seed: 6, "patterns"),
      valid: Array(#".*?layers\.[0-9]{1,2}\.(?:self_attn\.(q|v)_proj|mlp\.[^x]+)$"#.utf8))
    let result = try fuzzer.run(seconds: 0.5) { bytes in
      _ = try ModulePattern(String(decoding: bytes, as: UTF8.self)).matches(Self.path)
    }
    #expect(result.refused > 20 && result.accepted > 20)
  }
}
