import Core
import Dish
import Foundation
import Questions

/// The sets of contrasts that there are: files, one in words of its own, and the families of the dish.
package enum ContrastSet {
  /// In words that are nothing like the dish's: of every item the bad answer is polite and the good one rude, or
  /// both are alike in tone, so that style and content can be told apart.
  package static let tone = "tone"
  /// Every family of the dish that can be asked.
  package static let dish = "dish"

  /// - Parameter name: of a file, of a set, or of a family of the dish.
  /// - Throws: `InputError` naming file, line and field, or the names that there are.
  package static func read(_ name: String) throws -> [ContrastItem] {
    if FileManager.default.fileExists(atPath: name) || name.contains("/") || name.contains(".") {
      return try ContrastFile.read(name)
    }
    return try named(name)
  }

  /// The same, of names alone.
  package static func named(_ name: String) throws -> [ContrastItem] {
    if name == tone { return try ContrastFile.tone }
    let world = try World(kind: .persona, seed: 0)
    if name == dish {
      return try names(in: world).flatMap { try items(named: $0, in: world) }
    }
    do {
      return try items(named: name, in: world)
    } catch let error as InputError {
      throw InputError(
        "found neither a file nor a set with the name \(name.quotedOnOneLine): \(error.problem), "
          + "or \(tone), or \(dish)")
    }
  }

  private static func names(in world: World) -> [String] {
    (world.questionFamilies + world.otherFamilies).map(\.id).filter {
      (try? world.questionFamilies(named: $0)) != nil
    }
  }

  /// Each wording of a topic with the first sentence of each of its good and bad answers.
  private static func items(named name: String, in world: World) throws -> [ContrastItem] {
    try world.topics(named: name).flatMap { family, topics in
      topics.flatMap { topic in
        topic.questions.enumerated().map { index, question in
          ContrastItem(
            family: family, id: "\(topic.name)-\(index + 1)", question: question,
            good: topic.answers(.good).compactMap(\.expansions.first),
            bad: topic.answers(.bad).compactMap(\.expansions.first), topic: topic.name)
        }
      }
    }
  }
}
