/// A binary heap whose first element is the least.
struct PriorityQueue<Element: Comparable> {
  private var heap: [Element] = []

  var isEmpty: Bool { heap.isEmpty }

  /// Takes the place of what was in the queue; linear.
  mutating func replaceAll(_ elements: some Sequence<Element>) {
    heap.removeAll(keepingCapacity: true)
    heap.append(contentsOf: elements)
    heap.withUnsafeMutableBufferPointer { heap in
      for parent in stride(from: heap.count / 2 - 1, through: 0, by: -1) {
        Self.sink(heap, from: parent)
      }
    }
  }

  mutating func insert(_ element: Element) {
    heap.append(element)
    heap.withUnsafeMutableBufferPointer { heap in
      var child = heap.count - 1
      while child > 0 {
        let parent = (child - 1) / 2
        guard element < heap[parent] else { break }
        heap[child] = heap[parent]
        child = parent
      }
      heap[child] = element
    }
  }

  mutating func removeFirst() -> Element? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    heap.withUnsafeMutableBufferPointer { heap in
      guard !heap.isEmpty else { return }
      heap[0] = last
      Self.sink(heap, from: 0)
    }
    return first
  }

  /// Moves the element at `start` down to where none below it is less.
  private static func sink(_ heap: UnsafeMutableBufferPointer<Element>, from start: Int) {
    let element = heap[start]
    var parent = start
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < element else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = element
  }
}
