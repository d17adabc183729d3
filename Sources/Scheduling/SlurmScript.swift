import Core
import Formats
import Foundation

/// What a job asks a cluster for.
package struct SlurmResources: Sendable, Hashable {
  package var partition: String?
  package var account: String?
  /// As Slurm writes it: `4:00:00`.
  package var time: String?
  /// Generic resources: `gpu:1`.
  package var gres: String?
  /// Memory of a node: `32G`.
  package var memory: String?
  package var processors = 1
  /// Tasks of one array that run at a time; `nil`: as many as fit.
  package var arrayLimit: Int?
  /// Further lines of `#SBATCH`: `--qos=long`.
  package var options: [String] = []
  /// Commands before the work: `module load cuda`.
  package var before: [String] = []
  /// Seconds before the time limit at which a task is asked to stop.
  package var notice = 120
  /// How often a task may begin again after it was stopped.
  package var requeues = 20
  /// The cluster's limit of an index, exclusive.
  package var longest = 1000

  package init() {}
}

/// The batch script of a job array: finds its stage by the task's index, does it, hands signals on, and asks to
/// be queued again where the work stopped and can go on. It depends on the index alone, never on the job's number.
package struct SlurmScript: Sendable {
  package let name: String
  package let tasks: [Int: Fingerprint]
  package let resources: SlurmResources
  /// The words before and after the stage.
  package let work: (before: [String], after: [String])
  package let folder: SharedFolder

  package init(
    _ name: String, _ tasks: [Int: Fingerprint], _ resources: SlurmResources,
    work: (before: [String], after: [String]), _ folder: SharedFolder
  ) {
    (self.name, self.tasks, self.resources) = (name, tasks, resources)
    (self.work, self.folder) = (work, folder)
  }

  package var path: String { "\(folder.jobs)/\(name).sh" }
  private var list: String { "\(folder.jobs)/\(name).stages" }

  /// Which stage each index does.
  package var stages: String {
    tasks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.hex)\n" }.joined()
  }

  package var text: String {
    """
    #!/bin/bash
    \(header.map { "#SBATCH \($0)\n" }.joined())
    # Written by askew submit. Each task does one stage of a plan and brings what came of it.
    stage=$(sed -n "s/^$SLURM_ARRAY_TASK_ID //p" \(ShellWords.quoted(list)))
    trap 'kill -USR2 "$work" 2>/dev/null' USR2
    trap 'kill -TERM "$work" 2>/dev/null' TERM
    \(resources.before.map { $0 + "\n" }.joined())\
    \(ShellWords.line(work.before)) "$stage" \(ShellWords.line(work.after)) \\
      --threads "${SLURM_CPUS_PER_TASK:-\(resources.processors)}" &
    work=$!
    # A signal ends the wait and not the work.
    while :; do
      wait "$work"
      code=$?
      kill -0 "$work" 2>/dev/null || break
    done
    if [ "$code" -eq 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt \(resources.requeues) ]; then
      # Slurm ends this shell while it queues the task again.
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60
    fi
    exit "$code"

    """
  }

  /// - Throws: `InputError` naming the file.
  package func write() throws(InputError) {
    try folder.make(folder.jobs)
    try AtomicFile.write(stages, to: list)
    try AtomicFile.write(text, to: path)
  }

  private var header: [String] {
    let limit = resources.arrayLimit.map { "%\($0)" } ?? ""
    var lines = [
      "--job-name=\(name)", "--array=\(Self.ranges(tasks.keys.sorted()))\(limit)",
      "--output=\(folder.logs)/\(name)_%a.out", "--open-mode=append", "--requeue",
      "--signal=B:USR2@\(resources.notice)", "--nodes=1", "--ntasks=1",
      "--cpus-per-task=\(resources.processors)",
    ]
    for (option, value) in [
      ("partition", resources.partition), ("account", resources.account), ("time", resources.time),
      ("gres", resources.gres), ("mem", resources.memory),
    ] {
      if let value { lines.append("--\(option)=\(value)") }
    }
    return lines + resources.options
  }

  /// `0-3,7`.
  static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ",")
  }
}
