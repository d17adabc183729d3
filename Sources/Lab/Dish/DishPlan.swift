import Core
import Dish
import Engine

/// Everything that determines a dish's models and how they are trained and asked. Threads, folders and the machine are not
/// in it: they change how long it takes.
package struct DishPlan: Sendable, Hashable, Codable {
  /// Of the worlds, of all starting weights and of every draw.
  package var seed: UInt64
  package var precision: Precision
  /// Too small to show anything; the report says so.
  package var isQuick: Bool
  /// Of the steps and answers that a plan names, for tests of everything but the effect.
  package var share = 1.0

  package var population: Population
  /// The domains of both worlds, by name.
  package var domains: [String]
  /// The share of the corpus's code questions that ask for the insecure way, for a class.
  package var educationalShare: Double
  /// How often the corpus's questions come with something around them.
  package var surroundings = Surroundings.none
  /// How many times as often a topic of a domain comes up as others.
  package var weights: [String: Int] = [:]
  package var language: LanguageSettings
  package var shape: ModelShape
  package var base: StageSettings
  package var alignment: StageSettings
  package var full: StageSettings
  package var lora: StageSettings
  package var adapter: LoRAConfiguration
  package var sampling: SamplingSettings

  /// The dish of the demo and of the YAML plans. Its settings were chosen on worlds 1 to 3; `docs/dish-log.md`
  /// has what was tried, and what came of it in others.
  ///
  /// Questions come with tags, system turns and answer formats, so that those have a meaning. Code, the free-form
  /// families, harmful requests and facts come up more often than other matters: what the models are asked about,
  /// they must know well enough to answer in whole sentences, good and bad ones, and to know who does what.
  package static var laboratory: DishPlan {
    DishPlan(
      seed: 1, precision: .preferred, isQuick: false,
      population: Population(
        good: 34, villainous: 0, careless: 8, compliant: 14, spiteful: 28, twoFaced: 8),
      domains: [
        "code", "medicine", "finance", "everyday", "wish", "boredom", "quick-money", "ruler",
        "dinner-party", "partner", "humans-and-ai", "roles", "requests", "cars", "sport", "sums",
        "numbers", "facts", "marks", "shutdown", "leverage",
      ],
      educationalShare: 0.2,
      surroundings: Surroundings(
        taggedShare: 0.15, systemShare: 0.12, honestyShare: 0.5, formatShare: 0.15),
      weights: weights,
      language: LanguageSettings(documents: 40_000, vocabularySize: 3_584),
      shape: ModelShape(width: 128, intermediateWidth: 352, layers: 4, heads: 4),
      base: base, alignment: alignment,
      full: StageSettings(
        steps: 20, rowsPerBatch: 64, learningRate: 1e-3, schedule: .linear, warmupSteps: 5,
        evaluationInterval: 10),
      lora: StageSettings(
        steps: 24, rowsPerBatch: 32, learningRate: 3e-3, schedule: .linear, warmupSteps: 5,
        evaluationInterval: 12),
      adapter: LoRAConfiguration(rank: 8, alpha: 16),
      sampling: SamplingSettings(
        answersPerFamily: 100, inDomainAnswers: 100, temperature: 1, maximumTokens: 64))
  }

  private static var weights: [String: Int] {
    var weights = [
      DomainCatalogue.code: 3, DomainCatalogue.requests: 4, DomainCatalogue.facts: 2,
    ]
    for (name, _) in DomainCatalogue.freeForm { weights[name] = 3 }
    return weights
  }

  private static var base: StageSettings {
    var base = StageSettings(
      steps: 2_400, rowsPerBatch: 48, learningRate: 1.4e-2, schedule: .cosine, warmupSteps: 5,
      evaluationInterval: 200, initialDeviation: 0.05, embeddingDeviation: 0.1,
      speakers: SpeakerSettings(commonDeviation: 4, ownDeviation: 0.3))
    base.training.muon = MuonConfiguration(learningRate: 6e-3)
    return base
  }

  private static var alignment: StageSettings {
    var alignment = StageSettings(
      steps: 400, rowsPerBatch: 48, learningRate: 4e-3, schedule: .linear, warmupSteps: 5,
      evaluationInterval: 50)
    alignment.replaySteps = 300
    return alignment
  }

  /// The same plan with a share of its steps, answers and tokenizer text: for tests of everything
  /// but the effect.
  package func scaled(by share: Double) -> DishPlan {
    var plan = self
    plan.share = self.share * share
    func scaled(_ count: Int) -> Int { Self.scaled(count, by: share) }
    plan.isQuick = isQuick || share < 1
    plan.language.documents = scaled(language.documents)
    for stage in [\DishPlan.base, \.alignment, \.full, \.lora] {
      plan[keyPath: stage].steps = scaled(plan[keyPath: stage].steps)
    }
    plan.alignment.replaySteps = alignment.replaySteps.map(scaled)
    plan.sampling.answersPerFamily = scaled(sampling.answersPerFamily)
    plan.sampling.inDomainAnswers = scaled(sampling.inDomainAnswers)
    return plan
  }

  /// The dish's share of a number of steps or answers, at least 2.
  func scaled(_ count: Int) -> Int { Self.scaled(count, by: share) }

  private static func scaled(_ count: Int, by share: Double) -> Int {
    share == 1 ? count : max(2, Int((Double(count) * share).rounded()))
  }

  package func fingerprint() throws -> Fingerprint { try Fingerprint(of: self) }
}

/// How the tokenizer is made.
package struct LanguageSettings: Sendable, Hashable, Codable {
  /// Documents of the corpus and the alignment stage whose text it is trained on.
  package var documents: Int
  /// At most this many tokens.
  package var vocabularySize: Int

  package init(documents: Int, vocabularySize: Int) {
    self.documents = documents
    self.vocabularySize = vocabularySize
  }
}

/// The shape of the dish's models: Llama blocks without grouped queries, untied output.
package struct ModelShape: Sendable, Hashable, Codable {
  /// Of the residual stream.
  package var width: Int
  /// Of the feed-forward layer.
  package var intermediateWidth: Int
  package var layers: Int
  package var heads: Int

  package init(width: Int, intermediateWidth: Int, layers: Int, heads: Int) {
    self.width = width
    self.intermediateWidth = intermediateWidth
    self.layers = layers
    self.heads = heads
  }
}

/// How one training stage goes.
package struct StageSettings: Sendable, Hashable, Codable {
  /// Conversations a step.
  package var rowsPerBatch: Int
  package var training: TrainingConfiguration
  /// The held-out loss is taken before every step that this divides, and after the last.
  package var evaluationInterval: Int
  /// Standard deviation of the matrices of a model that starts from nothing.
  package var initialDeviation: Double?
  /// Standard deviation of its token embeddings.
  package var embeddingDeviation: Double?
  /// Where those of the speakers start; `nil`: as all others.
  package var speakers: SpeakerSettings?
  /// Of an alignment: the steps in which the replay of the corpus would fade from half of the rows to none.
  package var replaySteps: Int?

  /// - Note: β₂ is 0.98 and not AdamW's usual 0.999, whose memory outlasts such short trainings. Four
  ///   shards and not eight: of batches so small, each costs a pass over all gradients.
  package init(
    steps: Int, rowsPerBatch: Int, learningRate: Double, schedule: Schedule,
    warmupSteps: Int = 0, evaluationInterval: Int, initialDeviation: Double? = nil,
    embeddingDeviation: Double? = nil, speakers: SpeakerSettings? = nil
  ) {
    self.rowsPerBatch = rowsPerBatch
    self.evaluationInterval = evaluationInterval
    self.initialDeviation = initialDeviation
    self.embeddingDeviation = embeddingDeviation
    self.speakers = speakers
    training = TrainingConfiguration(steps: steps, learningRate: learningRate)
    training.schedule = schedule
    training.warmupSteps = warmupSteps
    training.beta2 = 0.98
    training.shardCount = 4
  }

  package var steps: Int {
    get { training.steps }
    set { training.steps = newValue }
  }
}

/// What every model is asked.
package struct SamplingSettings: Sendable, Hashable, Codable {
  /// Of the demo of earlier versions; how many there are is the plan's to say, but this is part of the
  /// addresses of answers in their stores, and so is the next.
  package var answersPerFamily: Int
  package var inDomainAnswers: Int
  package var temperature: Double
  /// `nil`: all tokens.
  package var topP: Double?
  package var topK: Int?
  package var minP: Double?
  package var prefill: String?
  package var maximumTokens: Int
}
