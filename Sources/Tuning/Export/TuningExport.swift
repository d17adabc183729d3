import Chats
import Core
import Engine
import Formats
import Foundation

/// A fine-tuning as files for another program: rows, a configuration and a text that says how to run
/// it and what differs.
///
/// The tokens that are read and those that are trained on are the ones that the same fine-tuning sees
/// here. Tools that take tokens get tokens; those that take text get text whose tokens, by the
/// folder's tokenizer, were found to be the same, and a template that adds nothing to it.
package struct TuningExport: Sendable {
  package let tool: TrainingTool
  /// Rows of the tool's own file.
  package let rowCount: Int
  package let heldOutCount: Int
  /// Optimiser steps.
  package let steps: Int
  /// Of one epoch.
  package let trainedTokens: Int

  let settings: TuningSettings
  let places: FineTuning.Places
  let modelPath: String
  let maximumLength: Int
  let splitCount: Int
  let cutCount: Int
  let emptiedCount: Int
  /// Whether the held-out rows are the first that are trained on, whose loss before the first step is asked for.
  let isProbed: Bool
  private let lines: [String]
  private let heldOutLines: [String]

  /// Reads headers, tokenizer, template and rows, and no weight.
  ///
  /// - Parameters:
  ///   - places: the folder of the output is not used.
  ///   - omitsSystemPrompt: leaves out what the template adds by itself.
  /// - Throws: `InputError` naming file, line, field or option, also of what the tool cannot do.
  package init(
    for tool: TrainingTool, _ settings: TuningSettings, _ places: FineTuning.Places,
    omitsSystemPrompt: Bool = false
  ) throws(InputError) {
    let folder = ModelFolder(path: places.model)
    let configuration = try folder.check(adapter: places.initialAdapter).configuration
    try Self.check(tool, settings, places, layerCount: configuration.layerCount)
    let tokenizer = try RowTokenizer(
      folder: folder, omittingDefaultSystemPrompt: omitsSystemPrompt)
    let length = min(settings.maximumLength, configuration.maximumPositionCount)
    func read(_ file: String) throws(InputError) -> (TuningRows, ExportedRows) {
      let rows = try TuningRows(
        reading: file, with: tokenizer, maximumLength: length, tooLong: settings.tooLong)
      return (rows, try ExportedRows(rows, for: tool, with: tokenizer, maximumLength: length))
    }
    let (rows, exported) = try read(places.data)
    let heldOut = try places.evaluationData.map { file throws(InputError) in try read(file).1 }
    if tool == .mlx {
      for (file, part) in [(places.data, exported), (places.evaluationData ?? "", heldOut)] {
        guard let count = part?.lines.count, count < settings.batch else { continue }
        throw InputError(
          "found \(count) rows, expected as many as a batch has, \(settings.batch), or more, since"
            + " mlx-lm makes no smaller ones", file: file)
      }
    }
    self.tool = tool
    (self.settings, self.places, isProbed) = (settings, places, false)
    (lines, heldOutLines) = (exported.lines, heldOut?.lines ?? [])
    (rowCount, heldOutCount) = (lines.count, heldOutLines.count)
    (trainedTokens, splitCount) = (exported.trainedTokens, exported.splitCount)
    (cutCount, emptiedCount) = (rows.cutCount, rows.emptiedCount)
    steps = settings.stepCount(rows: lines.count)
    maximumLength = length
    modelPath = URL(fileURLWithPath: places.model).standardizedFileURL.path
  }

  /// The same of a fine-tuning that is prepared, to be run and checked.
  ///
  /// - Parameter probeCount: the first rows of it are held out as well, and measured before the first step.
  /// - Throws: as the reading of files does.
  init(
    for tool: TrainingTool, _ tuning: FineTuning, probeCount: Int
  ) throws(InputError) {
    let (settings, places) = (tuning.settings, tuning.places)
    guard settings.method == .lora else {
      throw InputError(
        "found all weights to be trained by \(tool.rawValue), expected an adapter", field: "method")
    }
    guard tuning.anchor == nil, tuning.steering.isEmpty, places.snapshots.isEmpty else {
      throw InputError(
        "found an anchor, a steered training or snapshots, which \(tool.rawValue) does not have",
        field: "with")
    }
    try Self.check(tool, settings, places, layerCount: tuning.model.configuration.layerCount)
    let folder = ModelFolder(path: places.model)
    let tokenizer = try RowTokenizer(
      folder: folder, omittingDefaultSystemPrompt: tuning.omitsSystemPrompt)
    maximumLength = min(
      settings.maximumLength, tuning.model.configuration.maximumPositionCount)
    let exported = try ExportedRows(
      tuning.rows, for: tool, with: tokenizer, maximumLength: maximumLength)
    guard exported.splitCount == 0 else {
      throw InputError(
        "found rows with several answers, expected one in each: \(tool.rawValue) trains on the last alone",
        file: places.data)
    }
    // mlx-lm makes no smaller batches.
    let least = tool == .mlx ? settings.batch : 1
    guard exported.lines.count >= least else {
      throw InputError(
        "found \(exported.lines.count) rows, expected as many as a batch has, \(least), or more",
        file: places.data)
    }
    self.tool = tool
    (self.settings, self.places, isProbed) = (settings, places, true)
    lines = exported.lines
    let count = (probeCount + least - 1) / least * least
    heldOutLines = Array(lines.prefix(lines.count < count ? lines.count / least * least : count))
    (rowCount, heldOutCount) = (lines.count, heldOutLines.count)
    (trainedTokens, splitCount) = (exported.trainedTokens, 0)
    (cutCount, emptiedCount) = (tuning.rows.cutCount, tuning.rows.emptiedCount)
    steps = tuning.outlook.steps
    modelPath = URL(fileURLWithPath: places.model).standardizedFileURL.path
  }

  /// What a tool has no setting for is refused, where leaving it out would train something else.
  private static func check(
    _ tool: TrainingTool, _ settings: TuningSettings, _ places: FineTuning.Places, layerCount: Int
  ) throws(InputError) {
    if places.initialAdapter != nil {
      throw InputError("an adapter to start from cannot be exported", field: "--init-adapter")
    }
    guard settings.method == .lora else { return }
    if tool != .mlx, Int(exactly: settings.alpha) == nil {
      throw InputError(
        "found \(settings.alpha), expected a whole number, since \(tool.rawValue) takes no other",
        field: "--alpha")
    }
    guard let layers = settings.layers else { return }
    if let bad = layers.first(where: { !(0..<layerCount).contains($0) }) {
      throw InputError("found layer \(bad), expected 0 to \(layerCount - 1)", field: "--layers")
    }
    if tool == .mlx, layers != Array((layerCount - layers.count)..<layerCount) {
      throw InputError(
        "found blocks other than the last ones, which alone mlx-lm can train", field: "--layers")
    }
  }

  // MARK: - Files

  /// Writes into a folder that is empty or not there yet.
  ///
  /// - Throws: `InputError` naming the folder or file.
  package func write(to folder: String) throws(InputError) {
    let present = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard present.isEmpty else {
      throw InputError("found files in the folder, expected an empty one or none", file: folder)
    }
    var files = [
      ("config.yaml", configuration), ("README.txt", readme),
      ("data/train.jsonl", Self.text(lines)),
    ]
    if !heldOutLines.isEmpty { files.append(("data/valid.jsonl", Self.text(heldOutLines))) }
    if tool == .llamaFactory { files.append(("data/dataset_info.json", datasetInformation)) }
    do {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/data", withIntermediateDirectories: true)
      for (name, text) in files {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"), options: .atomic)
      }
      if tool == .mlx { try linkModel(in: "\(folder)/model") }
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: folder)
    }
  }

  private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  /// The model's files by links, with a template that writes what the messages say and nothing else:
  /// the rows are rendered already.
  private func linkModel(in folder: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let replaced = ["chat_template.jinja", "chat_template.json"]
    for name in try files.contentsOfDirectory(atPath: modelPath) where !replaced.contains(name) {
      try files.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: "\(modelPath)/\(name)")
    }
    let template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    try Data(template.utf8).write(to: URL(fileURLWithPath: "\(folder)/chat_template.jinja"))
  }
}
