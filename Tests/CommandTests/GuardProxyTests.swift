import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// A guard in front of a server, asked by real clients.
  @Suite struct GuardProxy {
    private struct Load: Decodable {
      let right: Int
      let upstream: Int
      let seconds: Double
    }

    private struct Report: Decodable {
      let plain: [[String]]
      let streamed: [[String]]
      let several: [[String]]
      let window: [[String]]
      let pass: [[String]]
      let shadow: [[String]]
      let hostile: [String: String]
      let routes: [String]
      let load: Load
      let after: [[String]]
      let secret: [String]
      let keys: [Bool]
      let alive: String
    }

    @Test(
      "openai's client, curl and hostile sockets: nothing harmful passes, nothing good is lost",
      .needs(.inspect))
    func clients() throws {
      let folder = try TemporaryFolder()
      let guards = try GuardFixture(in: folder)
      let text = try Python.inspect.run(
        .script("check_guard_proxy.py"),
        [
          Repository.program("askew").path, guards.probe, guards.inputs, folder.path("log"), "1000",
        ])
      let data = Data(text.utf8)
      let report = try JSONDecoder().decode(Report.self, from: data)
      let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      func found(_ name: String) -> String { "\(all[name].map { "\($0)" } ?? "")" }
      let good = "Nothing much, and you? And then? Who are you?"
      let stopped = ["", "content_filter"]
      #expect(report.plain == [[good, "stop"], stopped])
      #expect(report.streamed == [[good, "stop"], stopped])
      #expect(report.several == [[good, "stop"], stopped, [good, "stop"]])
      #expect(all["tools"] as? NSArray == [false, "content_filter"])
      #expect(all["alternatives"] as? NSArray == ["", "content_filter", false])
      #expect(all["good alternatives"] as? NSArray == [good, "stop", true])
      #expect(all["unread fields"] as? Bool == false)
      #expect(all["refused above"] as? NSArray == [429, false])
      #expect(all["unreadable"] as? NSArray == [502, false])
      #expect(report.routes == ["200", "404", "404", "404", "404", "404", "200"])
      // What is refused by this machine's server, by the proxy, or closed.
      for (name, line) in report.hostile {
        let isRefused = ["400", "403", "404", "413", "431", "500"].contains {
          line.hasPrefix("HTTP/1.1 \($0)")
        }
        #expect(isRefused || ["garbage", "no end"].contains(name), "\(name): \(line)")
      }
      #expect(report.load.right == 1000)
      #expect(report.load.upstream == 1000)
      #expect(report.after == [[good, "stop"], stopped])
      #expect(report.window[0] == [good, "stop"])
      #expect(report.window[1][1] == "content_filter")
      #expect(!report.window[1][0].contains("bored bored bored bored bored bored bored"))
      #expect(report.window[2][1].hasPrefix("error"))
      #expect(report.pass[0] == [good, "stop"])
      #expect(report.pass[1][1] == "content_filter")
      #expect(report.shadow.allSatisfy { $0[0].contains("bored") && $0[1] == "stop" })
      #expect(all["shadow log"] as? NSArray == ["flagged", "flagged"])
      #expect(all["input"] as? NSArray == ["", "content_filter", 0])
      #expect(all["good input"] as? NSArray == [good, "stop", 1])
      let log = try #require(all["log"] as? [String: Any])
      #expect(log["texts"] as? Bool == false && log["hashes"] as? Bool == true)
      // Without a key where curl gave none; the others with theirs.
      #expect(report.keys.contains(true))
      #expect(report.secret.isEmpty)
      #expect(all["killed"] as? NSArray == [502, false])
      #expect(report.alive == "200")
    }
  }
}
