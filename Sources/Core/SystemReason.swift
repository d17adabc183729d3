import Foundation

extension Error {
  /// The system's own words, on one line: errors of Foundation say them inside.
  package var systemReason: String {
    let underlying = (self as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? self as NSError).localizedDescription.onOneLine(limit: 200)
  }
}
