import Core
import Engine
import Foundation
import Store

/// A model and how it is used: all that determines what it says, besides what it is asked.
package struct ModelUse: Sendable, Hashable, Codable {
  package var identity: ModelIdentity
  /// Of matrix products.
  package var precision: Precision
  /// Whether a system text that the template would add by itself is left out.
  package var omitsSystemPrompt: Bool
  /// What the template says of the time; nothing where it does not.
  package var dates: [String]

  package init(
    identity: ModelIdentity, precision: Precision, omitsSystemPrompt: Bool, dates: [String]
  ) {
    (self.identity, self.precision) = (identity, precision)
    (self.omitsSystemPrompt, self.dates) = (omitsSystemPrompt, dates)
  }

  package var fingerprint: Fingerprint { get throws { try Fingerprint(of: self) } }
}

extension Run {
  /// The model in a folder that gave the answers of a run; `nil` for all others, and for answers of versions
  /// that knew less of a folder.
  package var modelUse: ModelUse? {
    struct Settings: Decodable { let model: ModelUse }
    return try? JSONDecoder().decode(Settings.self, from: Data(settings.utf8)).model
  }
}
