import Foundation

/// The methods that are used here.
enum HTTPMethod: String, Sendable {
  case get = "GET"
  case post = "POST"
}

/// What a request carries.
enum HTTPBody: Sendable {
  case json([UInt8])
  case form(HTTPForm)
}

/// A form of texts and one file, which is read from disk piece by piece (RFC 7578).
struct HTTPForm: Sendable {
  var texts: [(name: String, value: String)]
  /// The name of the file's field.
  var fileField: String
  var path: String
  /// As the server is told.
  var fileName: String
  var fileType: String
}

/// A request with all that it is sent with.
struct HTTPRequest: Sendable {
  var method: HTTPMethod
  var url: String
  var headers: HTTPHeaders
  var body: HTTPBody?
  /// From the first step to the last byte of the answer.
  var timeout: Duration
  /// Hears of the body as it comes, with the answer's status, on the thread of the loop; the whole body is in the answer
  /// all the same.
  var onPiece: (@Sendable (_ status: Int, _ bytes: Data) -> Void)?
}

/// A request's answer, whatever its status.
struct HTTPAnswer: Sendable {
  var status: Int
  var headers: HTTPHeaders
  var body: Data

  var text: String { String(decoding: body, as: UTF8.self) }
}

/// The fields of a head, in their order. Names are kept in small letters: case does not matter.
struct HTTPHeaders: Sendable {
  private(set) var fields: [(name: String, value: String)] = []

  func first(name: String) -> String? {
    fields.first { $0.name == name.lowercased() }?.value
  }

  mutating func add(name: String, value: String) {
    fields.append((name.lowercased(), value))
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name: name, value: value) }
  }
}

/// What can happen to a request before its answer has come whole.
enum ExchangeTrouble: Error, Sendable, Hashable {
  case connection(String)
  /// No attempt would do better: a certificate that is not to be trusted, a proxy that refuses.
  case refused(String)
  case timeout
  case tooLong
  case cancelled
}
