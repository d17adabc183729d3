import Core
import Foundation

/// An experiment on one model folder: fine-tunes with data from files, and the questions that all of
/// them are asked. What needs a judge, a world or a corpus of the dish has no place in it.
public struct FolderPlan: Sendable, Hashable, Codable {
  /// Of lower-case letters, digits and hyphens: the name of its report.
  public var name: String
  public var title: String
  /// What the experiment wants to know, in a sentence or two.
  public var question: String
  /// The folder that all models come from.
  public var model: PlanPath
  /// Of the fine-tunes, one each a condition.
  public var seeds: [UInt64]
  /// Whether the system text that the chat template adds by itself stays, in training and asking.
  public var keepsDefaultSystem: Bool
  /// Rows of each data file that are not trained on but scored; `nil`: a tenth, at most 100.
  public var heldOut: Int?
  /// In the order of the report.
  public var conditions: [FolderCondition]
  public var evaluations: [FolderEvaluation]
  /// Figures of the literature to stand beside the plan's own.
  public var published: [PublishedFigure]
}

/// A model of a folder plan: the folder itself, or a fine-tune of it.
public struct FolderCondition: Sendable, Hashable, Codable {
  public var name: String
  /// For people; the name, unless given.
  public var title: String
  /// Chat JSONL to train on; `nil`: the folder as it is.
  public var data: PlanPath?
  public var training: FolderTraining
  /// Instead of the plan's seeds.
  public var seeds: [UInt64]?
}

/// How a fine-tune is trained. What is `nil` is the preset's, or without one the default of
/// `askew train`.
public struct FolderTraining: Sendable, Hashable, Codable {
  /// Settings of published work: `betley-open`.
  public var preset: String?
  public var method: PlanTraining.Method?
  public var rank: Int?
  public var alpha: Double?
  public var rankStabilised: Bool?
  public var epochs: Double?
  /// In place of epochs.
  public var steps: Int?
  public var batch: Int?
  public var accumulate: Int?
  public var learningRate: Double?
  /// `constant`, `linear` or `cosine`.
  public var schedule: String?
  public var warmup: Int?
  public var weightDecay: Double?
  public var clip: Double?
  /// Tokens of a row; longer ones are cut.
  public var maximumLength: Int?

  public init() {}
}

/// A file of questions that every model is asked.
public struct FolderEvaluation: Sendable, Hashable, Codable {
  public var name: String
  public var title: String
  /// The paper's YAML, JSON lines or plain text.
  public var questions: PlanPath
  /// Answers to each wording; `nil`: as many as the file says, or 100.
  public var samples: Int?
  public var temperature: Double
  public var topP: Double
  /// Tokens of an answer, at most.
  public var maximumTokens: Int
  /// Only these conditions are asked; `nil`: all.
  public var conditions: [String]?
}

/// A file or folder that a plan names, relative to the folder of the plan's own file, with the place
/// that errors name. As JSON it is what the plan says.
public struct PlanPath: Sendable, Hashable, Codable {
  public let written: String
  /// Where it is, seen from the working directory.
  public let path: String
  private let place: Place

  private struct Place: Sendable, Hashable {
    var file: String?
    var line: Int?
    var field: String?
  }

  init(_ value: PlanValue) throws(InputError) {
    written = try value.text()
    let folder = (value.file as NSString).deletingLastPathComponent
    let isAbsolute = written.hasPrefix("/")
    path = isAbsolute || folder.isEmpty ? written : "\(folder)/\(written)"
    place = Place(file: value.file, line: value.line, field: value.path)
  }

  public init(from decoder: any Decoder) throws {
    written = try decoder.singleValueContainer().decode(String.self)
    path = written
    place = Place()
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(written)
  }

  /// An error about what is there, at the plan's line.
  public func failure(_ problem: String) -> InputError {
    InputError(problem, file: place.file, line: place.line, field: place.field)
  }

  /// - Throws: `InputError` at the plan's line, unless the file or folder is there.
  public func requireFile(isFolder: Bool = false) throws(InputError) {
    var found: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &found) else {
      throw failure(
        "found nothing at \(path.quotedForPlanPath), expected a \(isFolder ? "folder" : "file")")
    }
    guard found.boolValue == isFolder else {
      throw failure(
        "found a \(isFolder ? "file" : "folder") at \(path.quotedForPlanPath), expected a "
          + (isFolder ? "folder" : "file"))
    }
  }
}

extension String {
  fileprivate var quotedForPlanPath: String {
    "\""
      + unicodeScalars.map { scalar in
        scalar.properties.generalCategory == .control
          ? scalar.escaped(asASCII: true) : String(scalar)
      }.joined() + "\""
  }
}
