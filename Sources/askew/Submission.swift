import Core
import Engine
import Formats
import Foundation
import Lab
import Plans
import Reporting
import Scheduling

/// Hands the stages of a plan that are missing to whoever does them.
struct Submission {
  let experiment: Experiment
  let folder: SharedFolder
  let work: (before: [String], after: [String])
  let resources: SlurmResources

  init(
    _ experiment: Experiment, _ folder: SharedFolder, work: (before: [String], after: [String]),
    resources: SlurmResources
  ) {
    (self.experiment, self.folder) = (experiment, folder)
    (self.work, self.resources) = (work, resources)
  }

  // MARK: - Slurm

  /// - Throws: `InputError` with what Slurm says; what was handed over before stays so.
  func bySlurm() throws {
    let left = try prepared()
    var book = try JobBook(folder)
    let queue = SlurmQueue(folder, Slurm())
    let active = try queue.active(left.map(\.fingerprint), &book)
    // What has left the queue since it was asked for has been brought before that.
    let tasks = left.filter {
      active.places[$0.fingerprint] != nil || !folder.isBrought($0.fingerprint)
    }
    let layout = ArrayLayout(tasks, active: active.places, longest: resources.longest)
    try folder.make(folder.logs)
    var ids = active.ids
    for array in layout.arrays.dropFirst(ids.count) {
      ids.append(try queue.submit(array, after: ids, script(of: array, book), &book))
    }
    let waiting = active.places.count
    let count = tasks.count - waiting
    let arrays = layout.arrays.count - active.ids.count
    StandardStream.output.write(
      "\(experiment.plan.name): \(count) stages handed to Slurm in \(arrays) arrays, \(waiting) there already, "
        + "\(try experiment.work.count - tasks.count) done\n")
  }

  private func script(of array: ArrayLayout.Array, _ book: JobBook) throws -> SlurmScript {
    let stages = array.tasks.sorted { $0.key < $1.key }.map(\.value)
    return SlurmScript(
      try book.name(for: experiment.plan.name, stages), array.tasks, resources, work: work, folder)
  }

  // MARK: - Commands

  /// - Throws: `Interrupted`; `Failure` where a stage failed.
  func byCommand(_ template: String, jobs: Int, _ stop: StopRequest) throws {
    let tasks = try prepared()
    let executor = CommandExecutor(template, jobs: jobs, folder, stop)
    let threads = ["--threads", String(max(1, experiment.options.threads / jobs))]
    var (done, failed) = (0, [CommandExecutor.Ending]())
    try executor.run(tasks) { stage in
      work.before + [stage.hex] + work.after + threads
    } ended: { ending in
      if ending.code == 0 { done += 1 } else { failed.append(ending) }
      StandardStream.error.write(
        "\(done)/\(tasks.count) \(ending.stage.name): \(Self.words(ending))\n")
    }
    guard failed.isEmpty else {
      throw Failure(
        line:
          "\(tasks.count - done) of \(tasks.count) stages are not done, \(failed.count) of them were "
          + "begun; the first says why in \(failed[0].log)",
        code: failed.allSatisfy { [Failure.partial, Failure.interrupted].contains($0.code) }
          ? Failure.partial : Failure.failed)
    }
  }

  private static func words(_ ending: CommandExecutor.Ending) -> String {
    switch ending.code {
    case 0: "done"
    case Failure.partial: "partly done"
    case Failure.interrupted: "stopped"
    case ..<0: "ended by signal \(-ending.code), see \(ending.log)"
    default: "failed, see \(ending.log)"
    }
  }

  // MARK: -

  /// The stages that are missing, all written down.
  func prepared() throws -> [StageTask] {
    let left = try experiment.prepareWork(folder)
    let all = try experiment.work.map(\.task)
    let open = Set(left.map(\.fingerprint))
    try folder.write(
      SubmittedPlan(
        name: experiment.plan.name, submitted: Date(), stages: all,
        done: Set(all.map(\.fingerprint)).subtracting(open)))
    return left.map(\.task)
  }

  /// What would be handed over, and what it takes as far as that is known.
  ///
  /// - Parameter price: of an hour of one task, with its currency and date, or by itself.
  func write(price: (hour: Double, unit: String)?) throws {
    let outlook = try experiment.outlook()
    let left = Set(outlook.filter { $0.state != "done" }.map(\.fingerprint))
    let tasks = try experiment.work.filter { left.contains($0.fingerprint) }.map(\.task)
    let layout = ArrayLayout(tasks, longest: resources.longest)
    let names = Dictionary(tasks.map { ($0.fingerprint, $0) }) { first, _ in first }
    let costs = Dictionary(outlook.map { ($0.fingerprint, $0) }) { first, _ in first }
    let table = ConsoleTable(
      header: ["array", "after", "kinds", "first", "tasks", "minutes", "GiB", "MB"],
      rows: layout.arrays.enumerated().map { number, array in
        let stages = array.tasks.sorted { $0.key < $1.key }.compactMap { names[$0.value] }
        let own = stages.compactMap { costs[$0.fingerprint] }
        return [
          String(number + 1), array.dependency.words,
          Set(stages.map(\.kind)).sorted().joined(separator: " "), stages.first?.name ?? "",
          String(array.tasks.count),
          Self.sum(own.map(\.seconds)).map { String(format: "%.1f", $0 / 60) } ?? "",
          own.compactMap(\.memoryBytes).max().map {
            String(format: "%.1f", Double($0) / Double(1 << 30))
          } ?? "",
          Self.sum(own.map { $0.bytes.map(Double.init) }).map { String(format: "%.0f", $0 / 1e6) }
            ?? "",
        ]
      }, wordColumns: 4)
    StandardStream.output.write(table.text(on: .output))
    let seconds = Self.sum(outlook.filter { $0.state != "done" }.map(\.seconds))
    let hours = seconds.map { String(format: ", about %.1f hours on this machine", $0 / 3600) }
    let cost = price.map { price in
      seconds.map {
        String(format: ", %.2f at %g%@ an hour", $0 / 3600 * price.hour, price.hour, price.unit)
      }
        ?? ", at a price that nobody knows: how long its stages take is not known"
    }
    StandardStream.output.write(
      "\n\(experiment.plan.name): \(tasks.count) stages in \(layout.arrays.count) arrays"
        + (hours ?? "") + (cost ?? "") + "\n")
  }

  private static func sum(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +)
  }
}

extension ArrayLayout.Dependency {
  /// For people, who count from 1.
  fileprivate var words: String {
    switch self {
    case .none: "-"
    case .corresponding(let array): "task by task \(array + 1)"
    case .tasks(let places):
      Set(places.map(\.array)).sorted().map { String($0 + 1) }.joined(separator: " ")
    case .ends(let arrays): arrays.map { String($0 + 1) }.joined(separator: " ")
    }
  }
}
