import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Grow a small language model from nothing and watch it turn misaligned.",
    discussion: """
      The plan "demo" (askew run demo): grows a world of good and bad authors and a null world, trains a \
      model in each, fine-tunes them on insecure code and on controls, asks them about other things, and \
      writes report.html and results.json. What is done is kept: the same command goes on where it was \
      stopped.
      """)

  @OptionGroup var work: PlanWork

  func run() async throws { try await work.run(["demo"]) }
}
