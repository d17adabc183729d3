import Core
import Formats

/// What a `.pt` file may hold here: numbers, texts, tensors, and lists and objects of them.
enum TorchValue: Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case tensor(TorchTensor)
  case list([TorchValue])
  /// Keys in the order of the file; every key is a string.
  case object([(key: String, value: TorchValue)])

  /// What stands there, for messages.
  var summary: String {
    switch self {
    case .none: "None"
    case .boolean(let value): value ? "True" : "False"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value.quotedOnOneLine
    case .tensor(let tensor): "a tensor of shape \(tensor.shape)"
    case .list(let elements): "a list of \(elements.count)"
    case .object(let members):
      "an object with "
        + (members.isEmpty
          ? "nothing"
          : members.map(\.key.quotedOnOneLine)
            .joined(separator: ", ").onOneLine)
    }
  }

  /// The member of an object; `nil` where there is none.
  subscript(key: String) -> TorchValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var tensor: TorchTensor? {
    guard case .tensor(let value) = self else { return nil }
    return value
  }

  var list: [TorchValue]? {
    guard case .list(let value) = self else { return nil }
    return value
  }
}

/// A tensor as the pickle describes it: a part of a storage, whose bytes are a member of the archive.
struct TorchTensor: Sendable, Hashable {
  /// Numbers in a row, of which tensors are views.
  struct Storage: Sendable, Hashable {
    /// Name of the member `data/KEY`.
    let key: String
    /// F32, BF16 or F16.
    let type: DataType
    let count: Int
  }

  let storage: Storage
  /// The first element, counted in the storage.
  let offset: Int
  let shape: [Int]

  var elementCount: Int { shape.reduce(1, *) }
}
