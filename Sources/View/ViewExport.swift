import Core
import Foundation
import Lab
import Reporting
import Store

/// The page with all that it shows as files, which need no server: they can be opened from a disk or lie on any web
/// host. Browsers do not let a page from a disk fetch files, so each document is a script that hands itself over.
package struct ViewExport {
  /// Answers in one file: a page of some dozens loads a few files, a search all of them.
  static let answersPerFile = 2000

  private let project: ViewProject
  private let folder: URL
  /// `nil`: all of them.
  private let plan: String?

  package init(_ project: ViewProject, to folder: URL, plan: String? = nil) {
    (self.project, self.folder, self.plan) = (project, folder, plan)
  }

  /// What was written.
  package struct Outcome: Sendable {
    package var answers = 0
    /// Of the files with answers.
    package var answerBytes = 0
    /// Of all others.
    package var otherBytes = 0
  }

  /// - Throws: `InputError` for a plan that the project does not have and for files that cannot be written.
  package func write() throws -> Outcome {
    try project.refresh()
    let plans = try chosenPlans()
    let data = folder.appendingPathComponent("data")
    do {
      // What an earlier export has left would pass for part of this one.
      if FileManager.default.fileExists(atPath: data.path) {
        try FileManager.default.removeItem(at: data)
      }
      try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.systemReason)", file: data.path)
    }
    var outcome = Outcome()
    var columns = project.current.columns
    guard var catalogue = project.catalogue else { throw InputError("the store cannot be read") }
    if let plan { try keep(plan, &catalogue, &columns) }
    try writePage(&outcome)
    try write("plans", plans, &outcome)
    for entry in plans.plans {
      guard let document = try project.plan(entry.name) else { continue }
      try write("plan/\(entry.name)", document, &outcome)
      guard let contrasts = try project.contrasts(entry.name) else { continue }
      try write("contrasts/\(entry.name)", contrasts, &outcome, isOfAnswers: true)
    }
    try write("training", TrainingDocument(project.store), &outcome)
    try write("certificates", plan == nil ? project.certificates : [], &outcome)
    for entry in plan == nil ? project.certificates : [] {
      guard let document = try? project.certificate(entry.name) else { continue }
      try write("certificate/\(entry.name)", document, &outcome)
    }
    let notes = try project.store.notes().map(AnswerDocument.Note.init)
    try write("notes", notes, &outcome)
    for number in columns.chunks.indices {
      try write(
        "chunk/\(number)", columns.data(ofChunk: number)?.base64EncodedString() ?? "", &outcome,
        isOfAnswers: true)
    }
    try write("catalogue", catalogue, &outcome)
    try writeAnswers(of: columns, &outcome)
    var state = project.stateDocument
    state.chunks = columns.chunks.map { _ in 1 }
    (state.isRunning, state.answers, outcome.answers) = (false, columns.count, columns.count)
    state.words = .init(done: columns.count, total: columns.count)
    try write("state", state, &outcome)
    return outcome
  }

  private func chosenPlans() throws -> PlansDocument {
    var plans = try project.plans
    guard let plan else { return plans }
    plans.plans = plans.plans.filter { $0.name == plan }
    guard !plans.plans.isEmpty else {
      throw InputError("the project has no plan \(plan.quotedOnOneLine)", field: "--plan")
    }
    return plans
  }

  /// Leaves only the answers of a plan's cells.
  private func keep(
    _ plan: String, _ catalogue: inout CatalogueDocument, _ columns: inout AnswerColumns
  ) throws {
    catalogue.cells = catalogue.cells.filter { $0.plan == plan }
    guard !catalogue.cells.isEmpty else {
      throw InputError(
        "the store does not say which answers are those of \(plan.quotedOnOneLine); "
          + "`askew report` with the plan and the options of its run writes it down",
        field: "--plan")
    }
    var kept: [UInt32: Set<UInt32>] = [:]
    for cell in catalogue.cells {
      let questions = cell.list.map { catalogue.lists[$0] } ?? []
      kept[UInt32(cell.run), default: []].formUnion(questions.map { UInt32($0) })
    }
    let runs = Set(kept.keys)
    catalogue.runs = catalogue.runs.filter { runs.contains(UInt32($0.id)) }
    columns.keep { run, question in kept[run]?.contains(question) ?? false }
  }

  private func writePage(_ outcome: inout Outcome) throws {
    for name in PageFiles.scripts.map({ "\($0).js" }) + ["view.css"] {
      guard let file = PageFiles.file(name) else { continue }
      try write(Data(file.bytes), to: name, &outcome)
    }
    try write(Data(ReportSheet.css.utf8), to: "report.css", &outcome)
    guard let page = PageFiles.file("index.html") else { return }
    let policy =
      "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; base-uri 'none'; "
      + "form-action 'none'"
    let text = String(decoding: page.bytes, as: UTF8.self).replacing(
      "<!-- exported -->",
      with: "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">\n"
        + "<script src=\"data/exported.js\"></script>")
    try write(Data(text.utf8), to: "index.html", &outcome)
    let mark = "window.askewExport = {\"answersPerFile\": \(Self.answersPerFile)};\n"
    try write(Data(mark.utf8), to: "data/exported.js", &outcome)
  }

  private func writeAnswers(of columns: AnswerColumns, _ outcome: inout Outcome) throws {
    for first in stride(from: 1, through: columns.last, by: Self.answersPerFile) {
      let ids = (first..<first + Int64(Self.answersPerFile)).filter(columns.contains)
      guard !ids.isEmpty else { continue }
      try write(
        "answers/\((first - 1) / Int64(Self.answersPerFile))", project.answers(ids), &outcome,
        isOfAnswers: true)
    }
  }

  /// A document as a script: `askew.deliver("plan/demo", {…})`.
  private func write(
    _ name: String, _ document: some Encodable, _ outcome: inout Outcome, isOfAnswers: Bool = false
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = Data("askew.deliver(".utf8)
    text += try encoder.encode(name)
    text += Data(",".utf8)
    text += try encoder.encode(document)
    text += Data(");\n".utf8)
    try write(text, to: "data/\(Self.fileName(name)).js", &outcome, isOfAnswers: isOfAnswers)
  }

  /// Names of plans are anybody's choice: what is no plain letter is written as its code.
  static func fileName(_ document: String) -> String {
    document.unicodeScalars.map { scalar in
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789-".unicodeScalars.contains(scalar))
      return isPlain ? String(scalar) : "_" + String(scalar.value, radix: 16)
    }.joined()
  }

  private func write(
    _ data: Data, to name: String, _ outcome: inout Outcome, isOfAnswers: Bool = false
  ) throws {
    let target = folder.appendingPathComponent(name)
    do {
      try data.write(to: target)
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: target.path)
    }
    if isOfAnswers { outcome.answerBytes += data.count } else { outcome.otherBytes += data.count }
  }
}
