import Core

/// How tokens are drawn. What is set is sent, so that no server's own defaults decide.
package struct SamplingParameters: Sendable, Hashable, Codable {
  /// 0 takes the likeliest token.
  package var temperature: Double
  /// Keeps the likeliest tokens whose mass reaches this; 1 keeps all.
  package var topP: Double
  package var topK: Int?
  /// Keeps the tokens that are at least this share as likely as the likeliest.
  package var minP: Double?
  package var repetitionPenalty: Double?
  /// Its lower 31 bits are sent, since servers differ in what they take; a best effort with all.
  package var seed: UInt64?
  package var maximumTokens: Int

  package init(
    temperature: Double = 1, topP: Double = 1, topK: Int? = nil, minP: Double? = nil,
    repetitionPenalty: Double? = nil, seed: UInt64? = nil, maximumTokens: Int = 600
  ) {
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.seed = seed
    self.maximumTokens = maximumTokens
  }

  /// - Throws: `InputError` that names the parameter no server could take.
  package func check() throws(InputError) {
    func require(
      _ isValid: Bool, _ field: String, _ found: Any?, _ expected: String
    ) throws(InputError) {
      guard isValid else {
        throw InputError(
          "found \(found.map { "\($0)" } ?? "nothing"), expected \(expected)", field: field)
      }
    }
    try require(temperature >= 0 && temperature <= 2, "temperature", temperature, "0 to 2")
    try require(topP > 0 && topP <= 1, "topP", topP, "more than 0 and at most 1")
    try require(topK.map { $0 >= 1 } ?? true, "topK", topK, "1 or more")
    try require(minP.map { $0 >= 0 && $0 <= 1 } ?? true, "minP", minP, "0 to 1")
    try require(
      repetitionPenalty.map { $0 > 0 && $0.isFinite } ?? true, "repetitionPenalty",
      repetitionPenalty, "more than 0")
    try require(maximumTokens >= 1, "maximumTokens", maximumTokens, "1 or more")
  }
}

/// One reply to be asked for.
package struct ChatRequest: Sendable, Hashable {
  package var messages: [Message]
  package var sampling: SamplingParameters
  /// How many alternatives to report for each token of the reply, from 1 to 20; nil: none.
  package var topLogprobs: Int?
  package var stop: [String]
  /// The beginning of the assistant's turn, to be continued. Understood by vLLM, SGLang and
  /// llama.cpp; refused where the server is known to begin a new turn instead.
  package var prefill: String?

  package init(
    messages: [Message], sampling: SamplingParameters = SamplingParameters(),
    topLogprobs: Int? = nil, stop: [String] = [], prefill: String? = nil
  ) {
    self.messages = messages
    self.sampling = sampling
    self.topLogprobs = topLogprobs
    self.stop = stop
    self.prefill = prefill
  }

  /// - Throws: `InputError` that names the field no server could take.
  package func check() throws(InputError) {
    guard !messages.isEmpty else {
      throw InputError("found none, expected at least one", field: "messages")
    }
    if let topLogprobs, !(1...20).contains(topLogprobs) {
      throw InputError("found \(topLogprobs), expected 1 to 20", field: "topLogprobs")
    }
    guard stop.allSatisfy({ !$0.isEmpty }) else {
      throw InputError("found an empty text, expected some", field: "stop")
    }
    try sampling.check()
  }
}
