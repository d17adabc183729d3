import Core
import Foundation

/// Slurm, by its own programs.
package struct Slurm: Sendable {
  /// A task that Slurm has in its queue.
  package struct Queued: Sendable, Hashable {
    package var job: String
    package var index: Int
    package var name: String
    package var isRunning: Bool
    /// Slurm's word for why it waits.
    package var reason: String
    package var node: String
  }

  package init() {}

  /// - Parameter dependency: as `--dependency` takes it; `nil`: none.
  /// - Returns: the number of the array.
  /// - Throws: `InputError` with what Slurm says.
  package func submit(_ script: String, dependency: String?) throws(InputError) -> String {
    var arguments = ["sbatch", "--parsable"]
    if let dependency {
      // What waits for something that failed would wait for ever.
      arguments += ["--dependency=\(dependency)", "--kill-on-invalid-dep=yes"]
    }
    let run = try ToolRun.run(arguments + [script])
    let number = run.output.prefix { $0.isNumber }
    guard run.code == 0, !number.isEmpty else {
      throw InputError(run.complaint, field: "sbatch")
    }
    return String(number)
  }

  /// The tasks of arrays of these names that are not over yet: one call.
  ///
  /// - Throws: `InputError` with what Slurm says.
  package func queue(_ names: [String]) throws(InputError) -> [Queued] {
    if names.isEmpty { return [] }
    let run = try ToolRun.run([
      "squeue", "--noheader", "--array", "--format=%F|%K|%T|%r|%N|%j",
      "--name=\(names.joined(separator: ","))",
    ])
    guard run.code == 0 else { throw InputError(run.complaint, field: "squeue") }
    return Self.queue(run.output)
  }

  static func queue(_ text: String) -> [Queued] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard fields.count == 6, let index = Int(fields[1]) else { return nil }
      let running: Set = ["RUNNING", "COMPLETING", "STOPPED", "SUSPENDED", "STAGE_OUT"]
      return Queued(
        job: fields[0], index: index, name: fields[5], isRunning: running.contains(fields[2]),
        reason: fields[3], node: fields[4])
    }
  }

  /// How tasks ended that have left the queue, by `JOB_INDEX`: one call; `nil`: the cluster keeps no accounts.
  package func ends(of jobs: [String]) throws(InputError) -> [String: String]? {
    if jobs.isEmpty { return [:] }
    let run = try ToolRun.run([
      "sacct", "--noheader", "--parsable2", "--allocations", "--array", "--format=JobID,State",
      "--jobs=\(jobs.joined(separator: ","))",
    ])
    guard run.code == 0 else { return nil }
    var ends: [String: String] = [:]
    for line in run.output.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "|")
      guard fields.count == 2 else { continue }
      // CANCELLED by 1000.
      ends[String(fields[0])] = fields[1].split(separator: " ").first.map(String.init)
    }
    return ends
  }

  /// - Parameter tasks: as `JOB_INDEX`.
  package func cancel(_ tasks: [String]) throws(InputError) {
    var rest = tasks[...]
    while !rest.isEmpty {
      let part = rest.prefix(500)
      rest = rest.dropFirst(500)
      let run = try ToolRun.run(["scancel"] + part)
      guard run.code == 0 else { throw InputError(run.complaint, field: "scancel") }
    }
  }
}

extension ArrayLayout.Dependency {
  /// As `--dependency` takes it.
  ///
  /// - Parameter ids: the scheduler's numbers of the arrays.
  package func slurm(_ ids: [String]) -> String? {
    switch self {
    case .none: nil
    case .corresponding(let array): "aftercorr:\(ids[array])"
    case .tasks(let places):
      "afterok:" + places.map { "\(ids[$0.array])_\($0.index)" }.joined(separator: ":")
    case .ends(let arrays): "afterany:" + arrays.map { ids[$0] }.joined(separator: ":")
    }
  }
}
