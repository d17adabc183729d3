import Core
import Foundation
import TestSupport
import Testing

@testable import Scheduling

@Suite struct SlurmTextTests {
  private let stage = Fingerprint(hex: String(repeating: "a", count: 64))

  @Test(
    "A script asks for what was asked for, and never uses the number of its job for anything but requeueing"
  )
  func script() throws {
    var resources = SlurmResources()
    (resources.partition, resources.gres, resources.arrayLimit) = ("gpu", "gpu:1", 4)
    resources.options = ["--qos=long"]
    let folder = SharedFolder(ofProject: "/data/my lab")
    let script = SlurmScript(
      "askew-x", [0: stage, 1: stage, 2: stage, 7: stage], resources,
      work: (["/opt/askew", "work", "it's.yaml"], ["--seed", "1"]), folder)
    for line in [
      "#SBATCH --array=0-2,7%4", "#SBATCH --partition=gpu", "#SBATCH --gres=gpu:1",
      "#SBATCH --qos=long", "#SBATCH --signal=B:USR2@120", "#SBATCH --requeue",
      "#SBATCH --output=/data/my lab/cluster/logs/askew-x_%a.out",
      #"/opt/askew work 'it'\''s.yaml' "$stage" --seed 1 \"#,
    ] {
      #expect(script.text.split(separator: "\n").contains { $0 == line }, "\(line)")
    }
    #expect(!script.text.contains("SLURM_JOB_ID"))
    #expect(script.stages.split(separator: "\n").last == "7 \(stage.hex)")
    let check = try ToolRun.run(["bash", "-n", "-c", script.text])
    #expect(check.code == 0, "\(check.errors)")
  }

  @Test("Slurm's queue is read line by line, and what is no task of an array is left out")
  func queue() {
    let queue = Slurm.queue(
      """
      12|3|RUNNING|None|node1|askew-a
      12|4|PENDING|Dependency||askew-a
      13|N/A|RUNNING|None|node1|other
      """)
    #expect(queue.map(\.index) == [3, 4])
    #expect(queue.map(\.isRunning) == [true, false])
    #expect(queue[1].reason == "Dependency")
  }

  @Test("A program that is not there, that fails, and that does not end are told by name")
  func tools() throws {
    #expect(throws: InputError("there is no such program on this machine", field: "no-such-tool")) {
      _ = try ToolRun.run(["no-such-tool"])
    }
    let failed = try ToolRun.run(["sh", "-c", "echo first >&2; echo slurm says no >&2; exit 3"])
    #expect(failed.code == 3 && failed.complaint == "slurm says no")
    #expect(throws: InputError("did not answer within 0 s", field: "sleep")) {
      _ = try ToolRun.run(["sleep", "5"], seconds: 0.2)
    }
    // More than a pipe holds, on both sides.
    let loud = try ToolRun.run(["sh", "-c", "seq 100000; seq 100000 >&2"])
    #expect(loud.output.count == 588_895 && loud.errors.count == 588_895)
  }
}

@Suite struct StatusTests {
  @Test("Without a scheduler the files say how far a plan is, in less than a second for 500 stages")
  func files() throws {
    let project = try TemporaryFolder()
    let folder = SharedFolder(ofProject: project.path)
    let stages = (0..<500).map {
      StageTask(
        Fingerprint(hex: String(format: "%064x", $0)), kind: "sample", name: "stage \($0)",
        needs: [], total: 10)
    }
    try folder.write(
      SubmittedPlan(
        name: "mine", submitted: Date(), stages: stages, done: [stages[0].fingerprint]))
    func record(_ index: Int, _ state: StageRecord.State, _ age: Double) throws {
      try folder.make(folder.work(stages[index].fingerprint))
      try folder.write(
        StageRecord(
          state, host: "n", process: 1, attempts: 1, began: Date(),
          updated: Date(timeIntervalSinceNow: -age), done: 3, total: 10, problem: nil),
        of: stages[index].fingerprint)
    }
    try record(1, .running, 0)
    try record(2, .running, 1000)
    try record(3, .failed, 0)
    try record(4, .stopped, 0)
    let start = ContinuousClock.now
    let status = try StatusReader("mine", folder).read()
    #expect(start.duration(to: .now) < .seconds(1))
    #expect(
      status.stages.prefix(6).map(\.state) == [.done, .running, .lost, .failed, .stopped, .missing])
    #expect(status.counts["missing"] == 495)
    #expect(throws: InputError.self) { _ = try StatusReader("other", folder) }
  }

  @Test(
    "Books are written before an array is handed over, and every submission has a name of its own")
  func books() throws {
    let project = try TemporaryFolder()
    let folder = SharedFolder(ofProject: project.path)
    var book = try JobBook(folder)
    let stage = Fingerprint(hex: String(repeating: "b", count: 64))
    let first = try book.name(for: "my plan", [stage])
    try book.write(
      JobRecord(name: first, submitted: Date(timeIntervalSince1970: 1), tasks: [0: stage]))
    let second = try book.name(for: "my plan", [stage])
    #expect(first != second && first.hasPrefix("askew-my-plan-"))
    try book.write(
      JobRecord(name: second, id: "7", submitted: Date(timeIntervalSince1970: 2), tasks: [4: stage])
    )
    let read = try JobBook(folder)
    #expect(read.latest[stage]?.job.id == "7" && read.latest[stage]?.index == 4)
    #expect(read.jobs.first?.id == nil)
  }
}
