import Formats

// A stand-in until Formats has its own; to be deleted then.
public struct Encoding: Sendable, Hashable {
  public var ids: [Int]
  /// UTF-8 offsets into the text.
  public var ranges: [Range<Int>]
}

extension Tokenizer {
  func encoding(of text: String, matchingAddedTokens: Bool = true) -> Encoding {
    var result = Encoding(ids: encode(text, matchingAddedTokens: matchingAddedTokens), ranges: [])
    var offset = 0
    for id in result.ids {
      let end = offset + (bytes(of: id)?.count ?? 0)
      result.ranges.append(offset..<end)
      offset = end
    }
    return result
  }

  var prefixIDs: [Int] { [] }
  var suffixIDs: [Int] { [] }
}
