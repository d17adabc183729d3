import Core
import Store

/// Lists of numbers that a stage has worked out, in the store under names: what is there is not worked out again.
final class FigureMemory {
  let run: Run
  private let store: RunStore
  private var known: [String: Double]

  init(_ run: Run, _ store: RunStore) throws {
    (self.run, self.store) = (run, store)
    known = try store.figures(of: run)
  }

  /// `nil`: it is not there, or not so long.
  subscript(name: String, count count: Int) -> [Double]? {
    guard known["\(name)#"] == Double(count) else { return nil }
    return (0..<count).map { known["\(name)#\($0)"] ?? 0 }
  }

  /// Whether anything is there under the name.
  func has(_ name: String) -> Bool { known["\(name)#"] != nil }

  func values(_ name: String, _ make: () throws -> [Double]) throws -> [Double] {
    if let count = known["\(name)#"], let values = self[name, count: Int(count)] { return values }
    let values = try make()
    try keep(values, as: name)
    return values
  }

  func keep(_ values: [Double], as name: String) throws {
    var figures = ["\(name)#": Double(values.count)]
    for (index, value) in values.enumerated() { figures["\(name)#\(index)"] = value }
    try store.append(figures: figures, to: run)
    known.merge(figures) { $1 }
  }
}
