import Core
import Documents
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// The residual stream as it is read, steered and patched here, against PyTorch hooks and TransformerLens on the
/// same folders.
@Suite("The residual stream in the real libraries", .needs(.main))
struct StreamCounterpartTests {
  private struct Report: Decodable {
    let counts: [String: Int]
    let problems: [String]
  }

  /// Folders of a tiny model and of an adapter on it.
  private struct Place {
    let model: Model
    let adapter: Adapter
    let folder: TemporaryFolder

    init(_ name: String) throws {
      model = TinyModels.model(name)
      adapter = try TinyModels.adapter(
        LoRAConfiguration(rank: 3, alpha: 5, rankStabilised: true), model)
      folder = try TemporaryFolder()
      try model.save(to: ModelFolder(path: base))
      try adapter.save(to: ModelFolder(path: adapted), baseModel: base)
    }

    var base: String { folder.path("base") }
    var adapted: String { folder.path("adapter") }

    /// What a script is given to check it by.
    func arguments(work: JSON, tensors: [Tensor], _ more: [String]) throws -> [String] {
      try work.write(to: folder.path("work.json"))
      try Tensor.write(tensors, to: folder.path("tensors"))
      return [base, folder.path("work.json"), folder.path("tensors")] + more
    }
  }

  /// Every tiny model, with an adapter and without, in one process of Python.
  private func check(
    _ script: String, _ counts: [String: Int], areAdapted: [Bool],
    _ arguments: (Place, Bool) throws -> [String]
  ) throws {
    let cases = TinyModels.names.flatMap { name in areAdapted.map { (name, $0) } }
    let places = try cases.map { try Place($0.0) }
    // The folders are there as long as somebody holds them.
    let reports: [Report] = try withExtendedLifetime(places) {
      try Python.main.reports(
        script, zip(places, cases).map { try arguments($0, $1.1) })
    }
    try #require(reports.count == cases.count)
    for ((name, isAdapted), report) in zip(cases, reports) {
      #expect(report.problems == [], "\(name), \(isAdapted ? "adapted" : "alone")")
      #expect(report.counts == counts, "\(name), \(isAdapted ? "adapted" : "alone")")
    }
  }

  @Test(
    "Activations are those of transformers' layers and hidden_states, and of TransformerLens's cache"
  )
  func activations() throws {
    // Three texts; two blocks of three sites; of hidden states two rows, one of them at two sites, and the last.
    let counts = ["layers": 18, "TransformerLens": 18, "hidden_states": 12]
    try check(
      "check_activations.py", counts, areAdapted: [false, true],
      activations(of:isAdapted:))
  }

  private func activations(of place: Place, isAdapted: Bool) throws -> [String] {
    let width = place.model.configuration.hiddenSize
    let sites = ActivationTests.sites(place.model)
    let sequences = TinyModels.batch(3).map(\.tokens)
    var tensors: [Tensor] = []
    try withPool(2) { pool in
      let reader = try ActivationReader(
        model: place.model, adapter: isAdapted ? place.adapter : nil, sites: sites,
        precision: .f32, pool: pool)
      for (index, tokens) in sequences.enumerated() {
        // The mean over one token is what stands there.
        let read = reader.means(
          of: tokens.indices.map { token in
            ReadSequence(tokens: tokens, isRead: tokens.indices.map { $0 == token })
          })
        for (place, site) in sites.enumerated() {
          tensors.append(
            Tensor("\(index).\(site.name)", read.flatMap { $0[place] }, columns: width))
        }
      }
    }
    return try place.arguments(
      work: ["sequences": .array(sequences.map(Self.json))], tensors: tensors,
      isAdapted ? ["--adapter", place.adapted] : [])
  }

  /// Each kind of edit at each place for all tokens, and all at once; some at the last token of the prompt or of
  /// answers alone.
  private static func cases(_ model: Model) -> [[ResidualEdit]] {
    let c = model.configuration
    let all = ResidualEditTests.edits(c.hiddenSize, layers: c.layerCount)
    var numbers = Numbers("steered")
    let some = [ResidualEdit.Tokens.lastPrompt, .answer].flatMap { tokens in
      Site.Place.allCases.map { place in
        [
          ResidualEdit(
            .add(length: 1.5), along: numbers.normal(c.hiddenSize),
            at: Site(layer: 0, place: place),
            on: tokens)
        ]
      }
    }
    return all.map { [$0] } + [all] + some
  }

  @Test("Steered logits, losses and answers are those of PyTorch with hooks")
  func steering() throws {
    // Thirteen cases of three texts; seven of them have logits.
    let counts = ["logits": 21, "loss": 39, "answers": 39]
    try check("check_edits.py", counts, areAdapted: [false, true], steering(of:isAdapted:))
  }

  private func steering(of place: Place, isAdapted: Bool) throws -> [String] {
    let adapter = isAdapted ? place.adapter : nil
    let batch = TinyModels.batch(3)
    var options = SamplingOptions(maximumTokens: 5, stopTokens: [])
    options.temperature = 0
    var (tensors, steered): ([Tensor], [JSON]) = ([], [])
    try withPool(2) { pool in
      for (number, edits) in Self.cases(place.model).enumerated() {
        let edited = place.model.edited(by: edits)
        if edits.allSatisfy({ $0.tokens == .all }) {
          for (index, sequence) in batch.enumerated() {
            tensors.append(
              Tensor(
                "\(number).\(index)", try edited.logits(of: sequence.tokens, adapter: adapter),
                columns: 19))
          }
        }
        let losses = try Scorer(
          model: edited, adapter: adapter, precision: .f32, pool: pool, longest: 11
        ).likelihoods(of: batch).map(\.sum)
        let prompts = try batch.enumerated().map { index, sequence in
          let first = try #require(sequence.trained.dropFirst().firstIndex(of: true))
          return Prompt(
            tokens: Array(sequence.tokens[..<first]),
            streams: [RandomStream(seed: 1, "\(index)")])
        }
        let answers = try Sampler(
          model: edited, adapter: adapter, precision: .f32, pool: pool
        ).sample(prompts, options: options).map(\.tokens)
        steered.append([
          "edits": .array(edits.map(Self.json)), "losses": .array(losses.map(JSON.number)),
          "answers": .array(answers.map(Self.json)),
        ])
      }
    }
    return try place.arguments(
      work: ["sequences": .array(batch.map(Self.json)), "steered": .array(steered)],
      tensors: tensors, isAdapted ? ["--adapter", place.adapted] : [])
  }

  @Test("A patch from another model, whole or along a direction, is that of PyTorch with hooks")
  func patching() throws {
    // Six sites, three choices of tokens, whole or not, three texts.
    try check("check_edits.py", ["patched": 108], areAdapted: [true], patching(of:isAdapted:))
  }

  private func patching(of place: Place, isAdapted: Bool) throws -> [String] {
    let (model, donor) = (place.model, place.model.copy())
    var numbers = Numbers("donor")
    for slot in donor.layout.slots {
      for i in slot.range { donor.weights.floats[i] += Float(0.2 * numbers.stream.normal()) }
    }
    try donor.save(to: ModelFolder(path: place.folder.path("donor")))
    let direction = numbers.normal(model.configuration.hiddenSize)
    let batch = TinyModels.batch(3)
    var patched: [JSON] = []
    try withPool(2) { pool in
      for site in ActivationTests.sites(model) {
        func scorer(_ model: Model, _ adapter: Adapter?) throws -> SiteScorer {
          try SiteScorer(
            AdaptedModel(model, adapter: adapter), batch, at: site, precision: .f32, pool: pool)
        }
        let (own, other) = (try scorer(model, place.adapter), try scorer(donor, nil))
        for tokens in ResidualEdit.Tokens.allCases {
          for direction in [nil, direction] {
            let losses = own.negativeLogLikelihoods(
              patchedFrom: other, along: direction, on: tokens)
            patched.append([
              "site": .string(site.name), "tokens": .string(tokens.rawValue),
              "direction": direction.map(Self.json) ?? .null,
              "losses": .array(losses.map(JSON.number)),
            ])
          }
        }
      }
    }
    return try place.arguments(
      work: ["sequences": .array(batch.map(Self.json)), "patched": .array(patched)],
      tensors: [], ["--adapter", place.adapted, "--donor", place.folder.path("donor")])
  }

  private static func json(_ tokens: [Int32]) -> JSON { .array(tokens.map { .integer(Int($0)) }) }

  private static func json(_ numbers: [Float]) -> JSON {
    .array(numbers.map { .number(Double($0)) })
  }

  private static func json(_ sequence: TrainingSequence) -> JSON {
    ["tokens": json(sequence.tokens), "trained": .array(sequence.trained.map(JSON.boolean))]
  }

  private static func json(_ edit: ResidualEdit) -> JSON {
    let (operation, value): (String, Float) =
      switch edit.operation {
      case .add(let length): ("add", length)
      case .remove(let share): ("remove", share)
      case .cap(let level): ("cap", level)
      case .replace(let level): ("replace", level)
      }
    return [
      "site": .string(edit.site.name), "operation": .string(operation),
      "value": .number(Double(value)), "unit": json(edit.unit),
      "tokens": .string(edit.tokens.rawValue),
    ]
  }
}

/// A table of numbers on its way to Python.
private struct Tensor {
  let name: String
  let values: [Float]
  let columns: Int

  init(_ name: String, _ values: [Float], columns: Int) {
    (self.name, self.values, self.columns) = (name, values, columns)
  }

  static func write(_ tensors: [Tensor], to path: String) throws {
    let block = ParameterBlock(count: tensors.reduce(0) { $0 + $1.values.count })
    var start = block.floats
    let sources = tensors.map { tensor in
      defer { start += tensor.values.count }
      start.update(from: tensor.values, count: tensor.values.count)
      return Safetensors.Source(
        tensor.name, shape: [tensor.values.count / tensor.columns, tensor.columns],
        elements: UnsafeBufferPointer(start: start, count: tensor.values.count))
    }
    try Safetensors.write(sources, to: path)
    withExtendedLifetime(block) {}
  }
}
