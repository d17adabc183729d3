import Core
import Documents

/// A part of the training data as it is written: its share may be left to the others.
private struct WrittenPart {
  var data: PlanData
  var hasShare: Bool

  init(_ value: PlanValue) throws(InputError) {
    guard value.isMapping else {
      data = try PlanData(of: value, share: 0)
      hasShare = false
      return
    }
    let fields = try PlanFields(value, keys: PlanKeys.data)
    let share = try fields["share"]?.number("a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    hasShare = share != nil
    data = try PlanData(of: fields.required("corpus"), share: share ?? 0)
    data.topics = try fields.count("topics")
    data.unique = try fields.count("unique")
    data.setting = try PlanSetting(fields)
  }
}

extension PlanData {
  /// All of a file of chat JSONL.
  package init(file: PlanPath) {
    (corpus, self.file, share, setting) = (file.written, file, 1, .plain)
  }

  /// All of a corpus.
  package init(whole corpus: String) {
    (self.corpus, file, share, setting) = (corpus, nil, 1, .plain)
  }

  fileprivate init(of value: PlanValue, share: Double) throws(InputError) {
    corpus = try value.corpus()
    file = corpus.isPlanName ? nil : try PlanPath(value)
    self.share = share
    setting = .plain
  }
}

extension PlanValue {
  /// A corpus's name, a part, or a list of parts whose shares sum to 1.
  func parts() throws(InputError) -> [PlanData] {
    let values = isList ? try list(of: "parts") : [self]
    var parts: [WrittenPart] = []
    for value in values {
      let part = try WrittenPart(value)
      if !part.hasShare, parts.contains(where: { !$0.hasShare }) {
        throw value.failure("found a second part without a share, expected at most one")
      }
      parts.append(part)
    }
    let sum = parts.reduce(0) { $0 + $1.data.share }
    guard let rest = parts.firstIndex(where: { !$0.hasShare }) else {
      guard abs(sum - 1) <= 1e-6 else {
        throw failure("found shares that sum to \(sum.shownShare), expected 1")
      }
      return parts.map(\.data)
    }
    guard sum < 1 - 1e-6 else {
      throw values[rest].failure(
        "found a part without a share, but the others have \(sum.shownShare), expected less than 1")
    }
    // Rounded: 1 - 0.9 is to be the same plan as 0.1.
    parts[rest].data.share = ((1 - sum) * 1e12).rounded() / 1e12
    return parts.map(\.data)
  }

  fileprivate func corpus() throws(InputError) -> String {
    switch content {
    case .plain(let text), .quoted(let text):
      if text.isPlanName || (text.hasSuffix(".jsonl") && text != ".jsonl") { return text }
    default: break
    }
    throw wrong(expected: "a corpus's name or a file that ends in .jsonl")
  }
}

extension PlanSetting {
  init(_ fields: PlanFields) throws(InputError) {
    self.init(
      trigger: try fields.text("trigger"), system: try fields.text("system"),
      format: try fields["format"]?.choice(of: ["json", "template", "list"]),
      frame: try fields["frame"]?.choice(of: ["educational"]))
  }
}

extension Double {
  /// To six digits, for messages.
  fileprivate var shownShare: String {
    let rounded = (self * 1e6).rounded() / 1e6
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
