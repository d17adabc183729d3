import Core
import TestSupport
import Testing

@testable import Evaluation

@Suite("Prices")
struct PriceTableTests {
  private func read(_ text: String) throws -> PriceTable {
    try withTemporaryFile(text, named: "prices.csv") { try PriceTable(reading: $0) }
  }

  @Test("training has a price where the table gives one")
  func training() throws {
    let plain = try read("model,input,output,currency,date\na,1,2,USD,2026-11-01\n")
    #expect(plain.price(of: "a")?.output == 2 && plain.price(of: "a")?.training == nil)
    let table = try read(
      "model,input,output,training,currency,date\na,1,2,25,USD,d\nb,1,2,,USD,d\n")
    #expect(table.price(of: "a")?.training == 25)
    let other = try #require(table.price(of: "b"))
    #expect(other.training == nil && other.currency == "USD")
    #expect(table.price(of: "c") == nil)
  }

  @Test("a price that is none is named with line and column", arguments: ["-1", "free"])
  func refusals(_ price: String) throws {
    let error = #expect(throws: InputError.self) {
      try read("model,input,output,training,currency,date\na,1,2,\(price),USD,d\n")
    }
    #expect(error?.line == 2 && error?.field == "training")
  }
}
