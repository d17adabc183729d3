import Core
import Endpoints
import Formats
import Foundation

/// Where a model is: `dir:PATH`, a folder or a GGUF file of this machine, a file's path alone if it ends
/// with `.gguf`, `pypi:NAME`, or `openai:MODEL@URL`, behind an API.
package enum ModelAddress: Sendable, Hashable, CustomStringConvertible {
  /// A folder, or what one is made of.
  case folder(path: String)
  case endpoint(EndpointAddress)

  /// - Parameter field: what errors name.
  /// - Throws: `InputError` for anything that is neither.
  package init(parsing text: String, field: String = "--model") throws(InputError) {
    if text.hasPrefix("dir:") {
      let path = String(text.dropFirst("dir:".count))
      guard !path.isEmpty else {
        throw InputError("found no path after dir:, expected a folder", field: field)
      }
      self = .folder(path: path)
    } else if text.hasPrefix("openai:") {
      do throws(InputError) {
        self = .endpoint(try EndpointAddress(parsing: text))
      } catch {
        throw InputError(error.problem, field: field)
      }
    } else if try PackagedModel.named(text, field: field) != nil || text.hasSuffix(".gguf") {
      self = .folder(path: text)
    } else {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: text, isDirectory: &isFolder)
      let advice = exists && isFolder.boolValue ? "; is dir:\(text.onOneLine) meant?" : ""
      throw InputError(
        "found \(text.quotedOnOneLine), expected dir:PATH, FILE.gguf, pypi:NAME or openai:MODEL@URL\(advice)",
        field: field)
    }
  }

  package var description: String {
    switch self {
    case .folder(let path): "dir:\(path)"
    case .endpoint(let address): "openai:\(address)"
    }
  }
}
