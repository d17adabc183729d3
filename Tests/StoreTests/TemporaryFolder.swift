import Foundation
import TestSupport

extension TemporaryFolder {
  var database: URL { url("askew.db") }
}
