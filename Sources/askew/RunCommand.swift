import ArgumentParser
import ShippedPlans

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run experiments from YAML plans, and report what they found.",
    discussion: """
      Does what the project does not hold yet and writes reports/NAME.html and NAME.json. Plans \
      share base models, trainings and answers. All predictions of all plans given are stored before \
      anything is done. The same command goes on where it was stopped, and pays for no answer and no \
      verdict twice. Keys of servers come from ASKEW_API_KEY or a file, never from the command line. \
      Exit code 2: some answers or verdicts could not be had; the same command asks for them again. \
      Plans that come with Askew are named without .yaml: \(ShippedPlans.names.joined(separator: ", ")).
      """)

  @Argument(
    help: "Plans to run, one after the other: files, or names of those that come with Askew.",
    completion: .file(extensions: ["yaml"]))
  var plans: [String]
  @OptionGroup var work: PlanWork
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions

  func validate() throws {
    if plans.isEmpty { throw ValidationError("found no plan, expected at least one") }
  }

  func run() async throws { try await work.run(plans, endpoint) }
}
