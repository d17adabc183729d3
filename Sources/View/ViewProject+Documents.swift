import Audit
import Core
import Foundation
import Lab
import Plans
import Reporting
import Store

/// A certificate of the project, in short.
struct CertificateEntry: Encodable {
  /// Of its folder.
  var name: String
  var subject: String
  var verdict: String
  var grounds: String
}

/// A certificate as a page of HTML.
struct CertificateDocument: Encodable {
  var entry: CertificateEntry
  var report: String
}

extension ViewProject {
  /// The most characters of a text where many are shown beside each other.
  static let mostOfMany = 4000

  var catalogue: CatalogueDocument? { current.catalogue }

  func answers(_ ids: [Int64], most: Int = .max) throws -> [AnswerDocument] {
    try store.answers(ids).map { AnswerDocument($0, most: most) }
  }

  /// The numbers of the answers with the words that were typed.
  func search(_ typed: String) throws -> [UInt32] {
    guard let words, let expression = SearchExpression.expression(for: typed) else { return [] }
    return try words.search(expression)
  }

  var plans: PlansDocument {
    get throws {
      let runs = try store.runs()
      let planned = runs.filter { $0.kind == .plan }
      let states = Dictionary(planned.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
      var entries = foundPlans.map { entry in
        var entry = entry
        entry.state = states[entry.name]?.state.rawValue
        entry.hasContrasts = FileManager.default.fileExists(
          atPath: folder.contrastsPath(entry.name))
        return entry
      }
      let known = Set(entries.map(\.name))
      entries += states.values.filter { !known.contains($0.name) }.map { PlanEntry($0) }
      let stages = try store.stages()
      let isRunning = store.worker != nil
      return PlansDocument(
        plans: entries.sorted { $0.name < $1.name }, isRunning: isRunning,
        work: try work(stages, runs), stagesDone: stages.count { $0.state == .done },
        stages: stages.count)
    }
  }

  /// In short what plans have found. What cannot be read is left out: a page of the others is worth more than an
  /// error.
  private var foundPlans: [PlanEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.reportsPath)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { file in
      let name = String(file.dropLast(5))
      return entries.entry(folder.findingsPath(name)) {
        findings(of: name).map { PlanEntry($0, state: nil) } ?? .unreadable(name)
      }
    }
  }

  private func findings(of plan: String) -> PlanFindings? {
    guard let data = FileManager.default.contents(atPath: folder.findingsPath(plan)) else {
      return nil
    }
    return try? JSONDecoder().decode(PlanFindings.self, from: data)
  }

  private func work(_ stages: [StoredStage], _ runs: [Run]) throws -> [WorkEntry] {
    let byFingerprint = Dictionary(
      runs.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    return try stages.filter { $0.state == .running }.map { stage in
      let run = byFingerprint[stage.run ?? stage.fingerprint]
      let progress = try run.flatMap { try store.progress(of: [$0]).first }
      let done = progress.map { stage.run == nil ? $0.step ?? $0.answers : $0.answers }
      return WorkEntry(
        kind: stage.kind.rawValue, name: stage.name,
        done: done.map { stage.total > 0 ? min($0, stage.total) : $0 }, total: stage.total,
        seconds: stage.seconds)
    }
  }

  /// - Returns: `nil` for a plan without findings.
  func plan(_ name: String) throws -> PlanDocument? {
    // A name is one of those listed, and no path.
    guard let entry = try plans.plans.first(where: { $0.name == name }) else { return nil }
    var document = findings(of: name).map { PlanDocument($0, state: entry.state) }
    document?.entry.hasContrasts = entry.hasContrasts
    return document
  }

  /// - Returns: `nil` for a plan without contrasts that are known token by token.
  func contrasts(_ plan: String) throws -> ContrastTokens? {
    guard try plans.plans.contains(where: { $0.name == plan }),
      let data = FileManager.default.contents(atPath: folder.contrastsPath(plan))
    else { return nil }
    return try? JSONDecoder().decode(ContrastTokens.self, from: data)
  }

  var certificates: [CertificateEntry] {
    certificateFiles.map { name, path in
      do {
        return CertificateEntry(try CertificateFile(reading: path).certificate, name)
      } catch {
        return CertificateEntry(
          name: name, subject: name, verdict: "cannot be read", grounds: "\(error)")
      }
    }
  }

  func certificate(_ name: String) throws -> CertificateDocument? {
    guard let found = certificateFiles.first(where: { $0.name == name }) else { return nil }
    let file = try CertificateFile(reading: found.path)
    guard file.isIntact != false else {
      throw InputError("the certificate's text was changed", file: found.path)
    }
    return CertificateDocument(
      entry: CertificateEntry(file.certificate, name),
      report: CertificatePage(file.certificate, try AuditExamples.beside(file)).html)
  }

  private var certificateFiles: [(name: String, path: String)] {
    let audits = folder.url.appendingPathComponent("audits").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: audits)) ?? []
    return names.sorted().map { ($0, "\(audits)/\($0)/certificate.json") }
      .filter { FileManager.default.fileExists(atPath: $0.1) }
  }

  /// All notes and tags, each with what is needed to find its answer in another store: JSON lines.
  var noteLines: String {
    get throws {
      struct Line: Encodable {
        var kind, content, run, runName, question, text: String
        var sample: Int
        var created: Double
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let runs = Dictionary(try store.runs().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      return try store.notes().compactMap { note -> String? in
        guard let read = try store.answers([note.answer]).first, let run = runs[read.run] else {
          return nil
        }
        let line = Line(
          kind: note.kind.rawValue, content: note.content, run: run.fingerprint.hex,
          runName: run.name, question: read.answer.key.question, text: read.answer.text,
          sample: read.answer.key.sample, created: note.created.timeIntervalSince1970)
        return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
      }.joined()
    }
  }
}

extension CertificateEntry {
  fileprivate init(_ certificate: Certificate, _ name: String) {
    self.init(
      name: name, subject: certificate.subject.name,
      verdict: certificate.verdict == .found
        ? "\(certificate.verdict.rawValue): \(certificate.class.rawValue)"
        : certificate.verdict.rawValue,
      grounds: certificate.grounds)
  }
}
