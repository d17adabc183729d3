import Foundation
import Statistics
import TestSupport
import Testing

@Suite("The published fit of utilities") struct ThurstoneReferenceTests {
  private struct Task: Codable {
    let first: [Int]
    let second: [Int]
    let share: [Double]
    let start: [Double]
  }

  private struct Reply: Decodable {
    let utilities: [Double]
    let variances: [Double]
  }

  /// As in the repository of *Utility Engineering*, written anew: single precision, Adam, 1,000 steps.
  private static let script = """
    import json, sys, torch
    work = json.load(sys.stdin)
    n = len(work["start"]) // 2
    start = torch.tensor(work["start"])
    mu, s = torch.nn.Parameter(start[:n].clone()), torch.nn.Parameter(start[n:].clone())
    a, b = torch.tensor(work["first"]), torch.tensor(work["second"])
    share = torch.tensor(work["share"])
    optimizer = torch.optim.Adam([mu, s], lr=0.01)
    normal = torch.distributions.Normal(torch.tensor(0.0), torch.tensor(1.0))

    def standard():
        deviation = torch.std(mu) + 1e-5
        return (mu - mu.mean()) / deviation, torch.exp(s) * (1 / (deviation + 1e-5)) ** 2

    for _ in range(1000):
        optimizer.zero_grad()
        u, v = standard()
        z = (u[a] - u[b]) / torch.sqrt(v[a] + v[b] + 1e-5)
        torch.nn.functional.binary_cross_entropy(normal.cdf(z), share).backward()
        optimizer.step()
    with torch.no_grad():
        u, v = standard()
    print(json.dumps({"utilities": u.tolist(), "variances": v.tolist()}))
    """

  @Test("It is that of PyTorch on the same counts", .needs(.main), arguments: [1, 2, 3])
  func equal(seed: UInt64) throws {
    var world = ThurstoneWorld(seed, count: 15, biases: [0.4], spread: 0.3)
    let choices = world.choices(rings: 5, samples: 10, misfit: 0.2)
    let start = (0..<30).map { _ in 0.01 * world.stream.normal() }
    let own = ThurstoneReference(choices, count: 15, start: start)
    let pairs = ThurstoneReference.averaged(choices)
    let task = Task(
      first: pairs.map(\.first), second: pairs.map(\.second), share: pairs.map(\.share),
      start: start)
    let input = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
    let reply = try JSONDecoder().decode(
      Reply.self, from: Data(try Python.main.run(.code(Self.script), input: input).utf8))
    let off = zip(own.utilities + own.variances, reply.utilities + reply.variances)
      .map { abs($0 - $1) / max(1, abs($1)) }.max()
    #expect(try #require(off) < 1e-3, "\(off ?? 0)")
    // Both are about the same utilities.
    let fit = ThurstoneFit(choices, count: 15, forms: 1)
    #expect(try #require(Correlation.spearman(own.utilities, fit.utilities)) > 0.95)
  }
}
