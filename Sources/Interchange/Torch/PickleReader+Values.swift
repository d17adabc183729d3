import Core
import Formats

extension PickleReader {
  mutating func push(_ value: TorchValue) { stack.append(Item(content: .value(value))) }

  /// Takes the topmost items from the stack.
  mutating func last(_ count: Int) throws(InputError) -> [Item] {
    guard stack.count >= count else { throw failure("takes more than there is") }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    return items
  }

  /// Takes all above the last mark, and the mark.
  mutating func itemsAfterMark() throws(InputError) -> [Item] {
    let mark = stack.lastIndex {
      if case .mark = $0.content { true } else { false }
    }
    guard let mark else { throw failure("found no mark") }
    let items = Array(stack[(mark + 1)...])
    stack.removeSubrange(mark...)
    return items
  }

  private func depth(over items: [Item]) throws(InputError) -> Int {
    let depth = 1 + (items.map(\.depth).max() ?? 0)
    guard depth <= Self.deepest else {
      throw failure("is nested deeper than \(Self.deepest) levels")
    }
    return depth
  }

  private func value(_ item: Item?, _ what: String) throws(InputError) -> TorchValue {
    guard case .value(let value)? = item?.content else {
      throw failure("found something else, expected \(what)")
    }
    return value
  }

  mutating func pushTuple(_ items: [Item]) throws(InputError) {
    stack.append(Item(content: .tuple(items), depth: try depth(over: items)))
  }

  /// Gives the list below `items` these elements.
  mutating func append(_ items: [Item]) throws(InputError) {
    guard let target = stack.popLast(), case .value(.list(var list)) = target.content else {
      throw failure("found no list to append to")
    }
    let depth = max(target.depth, try depth(over: items))
    for item in items { list.append(try value(item, "an element")) }
    stack.append(Item(content: .value(.list(list)), depth: depth))
  }

  /// Gives the dict below `items` these keys and values.
  mutating func setItems(_ items: [Item]) throws(InputError) {
    guard let target = stack.popLast(), case .value(.object(var members)) = target.content else {
      throw failure("found no dict to fill")
    }
    guard items.count % 2 == 0 else { throw failure("found a key without a value") }
    let depth = max(target.depth, try depth(over: items))
    for index in stride(from: 0, to: items.count, by: 2) {
      guard case .string(let key) = try value(items[index], "a key") else {
        throw failure("found a key that is no string")
      }
      members.append((key, try value(items[index + 1], "a value")))
    }
    stack.append(Item(content: .value(.object(members)), depth: depth))
  }

  /// `("storage", torch.FloatStorage, key, device, count)`, the only thing that is named from outside.
  mutating func pushStorage() throws(InputError) {
    guard case .tuple(let parts)? = stack.popLast()?.content, parts.count == 5,
      case .value(.string("storage")) = parts[0].content,
      case .global(.storage(let type)) = parts[1].content,
      case .value(.string(let key)) = parts[2].content,
      case .value(.string) = parts[3].content,
      case .value(.integer(let count)) = parts[4].content
    else { throw failure("found no storage of a tensor where one was expected") }
    guard count >= 0, !key.isEmpty else {
      throw failure("found a storage \(key.quotedOnOneLine) of \(count) numbers")
    }
    stack.append(Item(content: .storage(.init(key: key, type: type, count: count))))
  }

  /// Calls nothing: makes a tensor or an empty ordered dict of what was given.
  mutating func reduce() throws(InputError) {
    guard case .tuple(let arguments)? = stack.popLast()?.content,
      case .global(let global)? = stack.popLast()?.content
    else { throw failure("calls what is no function") }
    switch global {
    case .orderedDictionary where arguments.isEmpty: stack.append(Item(content: .noHooks))
    case .rebuildTensor: push(.tensor(try tensor(arguments)))
    default: throw failure("calls a function in a way that torch.save does not")
    }
  }

  /// Of storage, offset, shape, strides, whether it has a gradient, and hooks.
  private func tensor(_ arguments: [Item]) throws(InputError) -> TorchTensor {
    guard arguments.count == 6, case .storage(let storage) = arguments[0].content,
      case .value(.integer(let offset)) = arguments[1].content,
      case .value(.boolean) = arguments[4].content, case .noHooks = arguments[5].content
    else { throw failure("makes a tensor in a way that torch.save does not") }
    let shape = try integers(arguments[2])
    let strides = try integers(arguments[3])
    var count = 1
    for size in shape {
      guard size > 0, size <= storage.count / count else {
        throw failure(
          "found a tensor of shape \(shape), the storage has only \(storage.count) numbers")
      }
      count *= size
    }
    guard offset >= 0, count <= storage.count - offset else {
      throw failure(
        "found a tensor of \(count) numbers from \(offset) on, the storage has \(storage.count)")
    }
    try checkOrder(shape, strides)
    return TorchTensor(storage: storage, offset: offset, shape: shape)
  }

  /// Rows have to follow each other.
  private func checkOrder(_ shape: [Int], _ strides: [Int]) throws(InputError) {
    var expected: [Int] = []
    var step = 1
    for size in shape.reversed() {
      expected.insert(step, at: 0)
      step *= size
    }
    // Nothing is ever stepped over along a dimension of one.
    let isInOrder =
      strides.count == shape.count
      && zip(shape, zip(strides, expected)).allSatisfy { $0 == 1 || $1.0 == $1.1 }
    guard isInOrder else {
      throw failure(
        "found a tensor of strides \(strides), expected \(expected): save tensor.contiguous()")
    }
  }

  private func integers(_ item: Item) throws(InputError) -> [Int] {
    guard case .tuple(let parts) = item.content, parts.count <= 8 else {
      throw failure("found no shape of a tensor where one was expected")
    }
    var result: [Int] = []
    for part in parts {
      guard case .value(.integer(let number)) = part.content else {
        throw failure("found a dimension that is no number")
      }
      result.append(number)
    }
    return result
  }
}
