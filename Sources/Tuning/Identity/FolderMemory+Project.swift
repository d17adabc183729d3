import Chats
import Core
import Formats
import Foundation
import Store
import Templates

extension ProjectFact {
  /// The day that templates write, where one was asked to.
  static let templateTime = ProjectFact(rawValue: "templateTime")
}

extension FolderMemory {
  /// Tokenizer and template of a folder.
  ///
  /// A template that writes the date writes, in a project, that of the day on which the first one was used
  /// there: answers of one experiment are to be asked for in the same words, also after midnight.
  ///
  /// - Throws: `InputError` naming the file; `StoreError`.
  package func rowTokenizer(
    of folder: ModelFolder, omittingDefaultSystemPrompt omits: Bool
  ) throws -> RowTokenizer {
    let kept = try store?.content(of: .templateTime).flatMap {
      try? JSONDecoder().decode(TemplateTime.self, from: Data($0.utf8))
    }
    let time = kept ?? .now
    let tokenizer = try RowTokenizer(
      folder: folder, omittingDefaultSystemPrompt: omits, time: time)
    if let store, kept == nil, let dates = tokenizer.template?.dates, !dates.isEmpty {
      let json = try JSONEncoder().encode(time)
      try store.set(.templateTime, to: String(decoding: json, as: UTF8.self))
      report(
        .notice(
          "the template writes the time, which in this project stays what it is now: "
            + dates.map(\.quotedOnOneLine).joined(separator: ", ")))
    }
    return tokenizer
  }

  /// Says once in a project that results of earlier versions are not used again.
  func tellLeftovers() throws {
    guard let store, try store.content(of: .foldersKnownByEdges) != nil else { return }
    report(
      .notice(
        "what an earlier version of Askew stored here of model folders is kept and shown, but not used "
          + "again: it knew a folder by the edges of its weights alone"))
    try store.set(.foldersKnownByEdges, to: nil)
  }
}
