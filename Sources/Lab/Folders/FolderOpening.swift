import Core
import Formats
import Foundation
import Plans
import Tuning

/// Opens the models of a plan that were not grown in a dish. No weight is read yet.
struct FolderOpening {
  let plan: Plan
  /// `nil` where conditions name models.
  let base: BaseFolder?
  let options: Experiment.Options
  /// Where servers get their files.
  private let project: ProjectFolder?
  private let opened = OpenedFolders()

  init(
    plan: Plan, base: BaseFolder?, options: Experiment.Options, project: ProjectFolder? = nil
  ) {
    (self.plan, self.base, self.options, self.project) = (plan, base, options, project)
  }

  /// Forgets what was opened: a training is about to change what is there.
  func close() {
    opened.folders = [:]
    opened.servers.end()
  }

  /// - Throws: `InputError` for a model that is not there or not as it should be.
  func open(_ model: PlannedModel) throws -> any LanguageModel {
    switch model.source {
    case .grown: preconditionFailure("a folder has no models of a dish")
    case .base: return try served(untouched(), untouched().path)
    case .trained(let training):
      return try served(
        loaded(training.weights, adapter: training.adapter), training.weights, training.adapter)
    case .snapshot(let step, let training):
      let (weights, adapter) = training.snapshot(step)
      return try served(loaded(weights, adapter: adapter), weights, adapter)
    case .named(.folder(let path)):
      guard model.condition.steer == nil else { return try steered(path, model.condition) }
      return try served(named(path, model.condition), path, model.condition.adapter?.path)
    case .named(.endpoint(let address)):
      return ServedModel(
        address, options.asking, tokenizer: try model.condition.tokenizer.map(tokenizer))
    }
  }

  /// By the plan's program, where it has one.
  private func served(
    _ folder: LoadedFolder, _ path: String, _ adapter: String? = nil
  ) throws -> any LanguageModel {
    guard let serve = plan.serve, let project, let server = ModelServer(serve) else {
      return folder
    }
    // Tasks of one model may be under way beside each other, on this machine and on others.
    let process = ProcessInfo.processInfo
    let key =
      "\(try folder.fingerprint.hex.prefix(16))-\(process.hostName)-\(process.processIdentifier)"
    return try ServedFolder(
      folder, base: adapter == nil ? nil : loaded(path), at: folder.path, adapter: adapter,
      by: server, opened.servers, in: project.path("serving/\(key)"), options.asking)
  }

  private func tokenizer(_ place: PlanPath) throws -> ServedTokenizer {
    if let known = opened.tokenizers[place.path] { return known }
    let tokenizer = try ServedTokenizer(
      at: place.modelFolder(options.memory).path, omitsSystemPrompt: !plan.keepsDefaultSystem,
      memory: options.memory)
    opened.tokenizers[place.path] = tokenizer
    return tokenizer
  }

  /// The plan's folder as it is.
  func untouched() throws -> LoadedFolder {
    guard let base else { preconditionFailure("only a plan on a folder has it as it is") }
    return try loaded(base.path)
  }

  /// Of what is trained, and of named folders; what answers behind a server nobody outside knows.
  func fingerprint(of model: PlannedModel) throws -> Fingerprint? {
    switch model.source {
    case .grown, .base, .named(.endpoint): nil
    case .trained(let training): training.fingerprint
    case .snapshot(let step, let training):
      try Fingerprint(of: [training.fingerprint.hex, String(step)])
    case .named(.folder(let path)):
      if model.condition.steer == nil {
        try named(path, model.condition).fingerprint
      } else {
        try Fingerprint(of: steered(path, model.condition).reference)
      }
    }
  }

  /// - Throws: `InputError` naming the file of directions, for one that is not of the model.
  private func steered(_ path: String, _ condition: PlanCondition) throws -> any LocalModel {
    let folder = try named(path, condition)
    guard let steer = condition.steer else { return folder }
    try steer.file.requireFile()
    let shape = folder.summary.configuration
    let edits = try DirectionFile.edits(
      in: steer.file.path, for: shape, steer.how.map { DirectionFacts.Operation($0) },
      dose: steer.dose, on: steer.tokens.map { DirectionFacts.Tokens($0) })
    return try SteeredModel(folder, by: edits, of: shape)
  }

  private func named(_ path: String, _ condition: PlanCondition) throws -> LoadedFolder {
    var own = options.asking
    own.adapter = condition.adapter?.path
    return try loaded(path, own)
  }

  /// What a plan trains is read as it was trained.
  private func loaded(_ path: String, adapter: String? = nil) throws -> LoadedFolder {
    var own = options.asking
    (own.adapter, own.precision) = (adapter, options.precision)
    return try loaded(path, own)
  }

  private func loaded(_ path: String, _ reading: ModelOptions) throws -> LoadedFolder {
    var reading = reading
    (reading.omitsSystemPrompt, reading.memory) = (!plan.keepsDefaultSystem, options.memory)
    let adapter = reading.adapter
    let place = [path, adapter ?? ""]
    for (other, folder) in opened.folders where other != place { folder.release() }
    if let folder = opened.folders[place] { return folder }
    let folder = try LoadedFolder(path, reading)
    opened.folders[place] = folder
    return folder
  }
}

/// Models are looked at again and again, and their tokenizers are large: each is opened once. Only one has its
/// weights at a time.
private final class OpenedFolders {
  var folders: [[String]: LoadedFolder] = [:]
  var tokenizers: [String: ServedTokenizer] = [:]
  let servers = ServerKeeper()
}

extension Experiment.Options {
  /// Of the folder that a plan's models come from, and how it is used.
  func identity(_ base: BaseFolder, _ plan: Plan) throws -> Fingerprint {
    try FolderOpening(plan: plan, base: base, options: self).untouched().fingerprint
  }
}

extension ModelServer {
  fileprivate init?(_ serve: PlanServe) {
    guard let program = Program(rawValue: serve.with) else { return nil }
    self.init(
      program, in: ToolEnvironment(serve.environment), arguments: serve.arguments,
      command: serve.command)
  }
}

extension DirectionFacts.Operation {
  fileprivate init(_ how: PlanSteer.How) {
    switch how {
    case .add: self = .add
    case .remove: self = .remove
    case .cap: self = .cap
    }
  }
}
