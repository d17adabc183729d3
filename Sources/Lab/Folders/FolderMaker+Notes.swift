import Chats
import Core
import Plans
import Tuning

extension FolderMaker {
  /// What should be known before anything is done: rows that do not fit, and the template's own text.
  var notes: [String] {
    var notes: [String] = []
    for condition in plan.conditions {
      let own = trainings.first { $0.condition.name == condition.name }
      guard let outlook = own?.outlook else { continue }
      if outlook.cutCount > 0 {
        notes.append(
          "\(condition.title.onOneLine): \(outlook.cutCount) of \(outlook.rowCount) rows are cut to "
            + "\(outlook.longest) tokens")
      }
      if outlook.emptiedCount > 0 {
        notes.append(
          "\(condition.title.onOneLine): \(outlook.emptiedCount) rows have no answer left once they are cut: "
            + "left out")
      }
    }
    if plan.keepsDefaultSystem, let prompt = defaultSystemPrompt {
      notes.append(
        "The template puts a system turn before conversations without one: \(prompt.quotedOnOneLine) "
          + "(default-system: false leaves it out)")
    }
    return notes
  }

  /// What the chat template adds by itself.
  var defaultSystemPrompt: String? { base?.tokenizer.template?.defaultSystemPrompt }
}
