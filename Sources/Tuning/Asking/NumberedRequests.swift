import Endpoints

/// What is to be asked, with its number; each request is made when it can be sent.
package struct NumberedRequests<Item: Sendable>: Sequence, Sendable {
  private let items: [Item]
  private let request: @Sendable (Item) -> ChatRequest

  package init(_ items: [Item], request: @escaping @Sendable (Item) -> ChatRequest) {
    (self.items, self.request) = (items, request)
  }

  package func makeIterator() -> AnyIterator<(Int, ChatRequest)> {
    var next = 0
    return AnyIterator {
      guard next < items.count else { return nil }
      defer { next += 1 }
      return (next, request(items[next]))
    }
  }
}
