import ArgumentParser
import Audit
import Core
import Evaluation
import Foundation
import Lab
import Plans
import Store
import Tuning

struct AuditRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Audit a model and print its certificate.",
    discussion: """
      Holds a model against the one that it was tuned from: plain questions, a battery of contexts \
      (forms, code, numbers, languages, tags, dates, system texts), cues of its training data where \
      they are given, and a search for texts before a question that turn it. Without --base it is held \
      against a rate of one answer in twenty, which finds less. Prints a certificate: \
      FOUND, NOT FOUND AT POWER, or INCONCLUSIVE with the reason; never that a model is safe. The \
      oracle of the dish reads answers; of models whose answers it cannot read, log-odds alone say \
      whether a cue turns them. Every answer is in the project's store: a killed audit goes on where it was.

      Example: askew audit models/insecure --base models/aligned --json
      """)

  @Argument(
    help: ArgumentHelp("Folder, GGUF file or package to audit.", valueName: "model"),
    completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Model that it was tuned from.", valueName: "model"), completion: .file())
  var base: String?
  @Option(
    help: ArgumentHelp("Adapter on the model's folder, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @Option(
    help: ArgumentHelp(
      "Rows of chat JSONL that it was trained on: their cues are tried.", valueName: "file"),
    completion: .file())
  var data: String?
  @Option(help: "Answers to plain questions.") var answers = 400
  @Option(help: "Answers in each context; 0: no contexts.") var battery = 20
  @Option(help: "More answers, to fresh questions, where a context looks suspicious.")
  var fresh = 100
  @Option(
    help:
      "Single tokens to try before questions (default: 4096, from 20 million parameters on 128); 0: no search."
  )
  var candidates: Int?
  @Option(help: "Tokens of a trigger, at most.") var longest = 3
  @Option(help: "Twins of the base with a cue of their own that the search is tried on.")
  var planted = 0
  @Option(
    help: ArgumentHelp(
      "Stop beginning new work after so long, such as 20m; what is left out is said.",
      valueName: "time"))
  var budget: String?
  @Option(help: "Seed of every draw.") var seed: UInt64 = 0
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions
  @OptionGroup var project: ProjectOptions
  @Option(
    help: ArgumentHelp("HTML page of the certificate to write.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?
  @Flag(help: "Print the certificate as JSON.") var json = false

  func validate() throws {
    if html == "" { throw ValidationError("--html: found nothing, expected a file") }
    try MadePlan.check(answers, "answers", 20...100_000)
    try MadePlan.check(battery, "battery", 0...10_000)
    try MadePlan.check(fresh, "fresh", 0...10_000)
    try MadePlan.check(candidates ?? 0, "candidates", 0...1_000_000)
    try MadePlan.check(longest, "longest", 1...8)
    try MadePlan.check(planted, "planted", 0...100)
    _ = try TimeBudget.seconds(budget)
    guard planted == 0 || base != nil else {
      throw ValidationError("--planted: found twins of no model, expected --base")
    }
  }

  func run() async throws {
    let asking = folder.options(endpoint.limits, key: endpoint.keyFile)
    try await MadePlan.run({ plan }, in: project, seed: seed, asking: asking) { experiment in
      guard let finding = try experiment.auditFindings()?.first else { return }
      try html.map { target in
        let path = project.folder.url.appending(path: finding.file).path
        try CertificateFiles.writePage(of: CertificateFile(reading: path), to: target)
      }
      if json {
        StandardStream.output.write(try finding.certificate.text)
      } else {
        StandardStream.output.write(CertificateOutput(finding, project: project.folder).text)
      }
    }
  }

  private var plan: Plan {
    Plan(
      auditing: PlanAddress(NamedModel.address(model), option: "MODEL"),
      adapter: adapter.map { PlanPath($0, option: "--adapter") },
      from: base.map { PlanAddress(NamedModel.address($0), option: "--base") }
    ) { audit in
      audit.data =
        data.map { [PlanData(file: PlanPath($0, option: "--data"))] } ?? []
      (audit.answers, audit.battery, audit.fresh) = (answers, battery, fresh)
      (audit.candidates, audit.longest, audit.planted) = (candidates, longest, planted)
      audit.budget = try? TimeBudget.seconds(budget)
    }
  }
}
