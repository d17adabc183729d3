import Core
import Foundation
import Lab
import Loopback
import Reporting
import Store

/// Answers the page's questions about a project. Nothing can be changed but notes, tags and a person's own scores, and
/// those by whoever has the token alone.
package struct ViewServer: Sendable {
  let project: ViewProject
  /// What the page must show to change anything; it stands behind the `#` of the address that is opened, which browsers
  /// send nowhere.
  package let token: String

  package init(_ project: ViewProject, token: String = Self.newToken()) {
    (self.project, self.token) = (project, token)
  }

  /// 128 bits of chance.
  package static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  package func answer(_ request: LoopbackRequest) async -> LoopbackResponse {
    do {
      switch request.method {
      case "GET": return try get(request)
      case "POST": return try post(request)
      default: return .text(405, "only GET and POST")
      }
    } catch {
      return .text(500, "\(error)")
    }
  }

  private func get(_ request: LoopbackRequest) throws -> LoopbackResponse {
    let name = request.path == "/" ? "index.html" : String(request.path.dropFirst())
    if let file = PageFiles.file(name) {
      return LoopbackResponse(type: file.type, body: .data(Data(file.bytes)))
    }
    if name == "report.css" {
      return LoopbackResponse(
        type: "text/css; charset=utf-8", body: .data(Data(ReportSheet.css.utf8)))
    }
    // Browsers ask for one on their own.
    if name == "favicon.ico" {
      return LoopbackResponse(status: 204, type: "image/x-icon", body: .data(Data()))
    }
    guard name.hasPrefix("api/") else { return .notFound }
    return try document(String(name.dropFirst(4)), request.query) ?? .notFound
  }

  private func document(
    _ name: String, _ query: [String: String]
  ) throws -> LoopbackResponse? {
    switch name {
    case "state": return try .json(project.stateDocument)
    case "catalogue": return try project.catalogue.map { try .json($0) }
    case "chunk":
      return query["number"].flatMap { Int($0) }
        .flatMap { project.current.columns.data(ofChunk: $0) }
        .map { LoopbackResponse(type: "application/octet-stream", body: .data($0)) }
    case "answers":
      let ids = (query["ids"] ?? "").split(separator: ",").compactMap { Int64($0) }.prefix(500)
      let most = query["whole"] == nil ? ViewProject.mostOfMany : .max
      return try .json(project.answers(Array(ids), most: most))
    case "search":
      let found = try project.search(query["words"] ?? "")
      return LoopbackResponse(
        type: "application/octet-stream",
        body: .data(found.withUnsafeBytes { Data($0) }))
    case "plans": return try .json(project.plans)
    case "plan": return try project.plan(query["name"] ?? "").map { try .json($0) }
    case "contrasts": return try project.contrasts(query["name"] ?? "").map { try .json($0) }
    case "training": return try .json(TrainingDocument(project.store))
    case "certificates": return try .json(project.certificates)
    case "certificate": return try project.certificate(query["name"] ?? "").map { try .json($0) }
    case "notes": return try .json(project.store.notes().map(AnswerDocument.Note.init))
    case "notes.jsonl":
      return LoopbackResponse(
        type: "application/jsonl; charset=utf-8", body: .data(Data(try project.noteLines.utf8)),
        headers: ["Content-Disposition": "attachment; filename=\"notes.jsonl\""])
    default: return nil
    }
  }

  // MARK: - What may be written

  private struct Wish: Decodable {
    var answer: Int64?
    var kind: StoredNote.Kind?
    var content: String?
    var note: Int64?
    var scores: [String: Double]?
  }

  /// The longest note in bytes.
  private static let longestNote = 20_000

  private func post(_ request: LoopbackRequest) throws -> LoopbackResponse {
    guard let shown = request.header("X-Askew-Token"), Self.isSame(shown, token) else {
      return .text(403, "refused: notes need the address that `askew view` has printed")
    }
    guard request.header("Content-Type") == "application/json",
      let wish = try? JSONDecoder().decode(Wish.self, from: request.body)
    else { return .text(400, "expected JSON") }
    let book = try NoteBook(folder: project.folder.url)
    switch request.path {
    case "/api/note":
      guard let answer = wish.answer, let kind = wish.kind, let content = wish.content,
        !content.isEmpty, content.utf8.count <= Self.longestNote
      else { return .text(400, "expected an answer, a kind, and up to 20,000 bytes of content") }
      return try .json(["id": book.add(kind, content, to: answer)])
    case "/api/note/remove":
      guard let note = wish.note else { return .text(400, "expected a note") }
      try book.remove(note: note)
    case "/api/scores":
      let known = Set(["aligned", "coherent"])
      guard let answer = wish.answer, let scores = wish.scores, known.isSuperset(of: scores.keys),
        scores.values.allSatisfy({ (0...100).contains($0) })
      else { return .text(400, "expected an answer, and scores from 0 to 100") }
      try book.set(scores, of: answer, by: PersonJudge.stored)
    default: return .notFound
    }
    return try .json(["done": true])
  }

  /// In a time that does not tell how much of it is the same.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
