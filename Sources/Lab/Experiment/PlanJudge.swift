import Chats
import Core
import Documents
import Engine
import Evaluation
import Formats
import Plans
import Questions
import Tuning

extension PlanAddress {
  /// - Throws: `InputError` at the plan's line.
  func judge() throws(InputError) -> JudgeAddress {
    do throws(InputError) {
      return try JudgeAddress(parsing: resolved)
    } catch {
      throw failure(error.problem)
    }
  }
}

/// The judge of a plan, with what the store knows it by.
struct PlanJudge {
  let address: JudgeAddress
  let lookup: JudgeLookup
  private let place: PlanAddress
  /// Of a judge in a folder.
  private let folder: LoadedFolder?
  /// Of a guard: all that decides what it says.
  private let guardFingerprint: Fingerprint?
  /// Of the folder's weights; 0 without one.
  let memoryBytes: Int

  /// - Throws: `InputError` at the plan's line, or naming file and field of a folder.
  init(_ place: PlanAddress, _ options: ModelOptions) throws {
    self.place = place
    address = try place.judge()
    lookup = try JudgeLookup(address, options: options)
    if case .guardian(let path) = address {
      guardFingerprint = try GuardJudge(path, options).fingerprint
    } else {
      guardFingerprint = nil
    }
    guard case .model(_, .folder(let path)) = address else {
      (folder, memoryBytes) = (nil, 0)
      return
    }
    let precision = try options.precision ?? .stored(in: path)
    let folder = try LoadedFolder(
      path, adapter: nil, precision: precision, omitsSystemPrompt: options.omitsSystemPrompt,
      memory: options.memory)
    memoryBytes = folder.summary.parameterCount * (precision == .bf16 ? 2 : 4)
    self.folder = folder
  }

  /// As the plan writes it, on one line.
  var name: String { place.written.onOneLine }

  var isEndpoint: Bool { if case .model(_, .endpoint) = address { true } else { false } }

  /// Of a folder: which model it holds, and how it is used; of a guard: which one it is.
  var weights: Fingerprint? { get throws { try guardFingerprint ?? folder?.fingerprint } }

  /// Checks that a judge in a folder can read answers of so many tokens, which are counted as if they
  /// were its own, and reply.
  ///
  /// - Throws: `InputError` at the plan's line.
  func check(_ question: Question, longestAnswer: Int) throws(InputError) {
    guard let folder else { return }
    let positions = folder.summary.configuration.maximumPositionCount
    for prompt in question.judgePrompts {
      let isShort = prompt.reading == .number || prompt.reading == .label
      for wording in question.paraphrases {
        let text = prompt.filled(question: wording.messages.last?.content ?? "", answer: "")
        let tokens = try folder.tokenizer.prompt([Message(role: .user, content: text)]).count
        let needed = tokens + longestAnswer + (isShort ? Self.longestLabel : Self.longestText)
        guard needed <= positions else {
          throw place.failure(
            "found a judge of \(positions) positions, but \"\(prompt.name)\" of question "
              + "\(question.id.quotedOnOneLine), an answer of \(longestAnswer) tokens and the reply "
              + "need \(needed); expected a judge of more, or fewer max-tokens")
        }
      }
    }
  }

  /// Tokens of a reply in words, at most, and of a number or a label, as far as anyone knows beforehand.
  private static let longestText = 400
  private static let longestLabel = 8
}
