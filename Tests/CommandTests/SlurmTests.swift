import Foundation
import Lab
import Scheduling
import Store
import TestSupport
import Testing

/// A Slurm of the distribution, started by `scripts/slurm.sh` for the time of a test.
final class SlurmCluster {
  private let folder: TemporaryFolder
  let environment: [String: String]

  /// Installed in continuous integration; elsewhere the tests that need it are skipped.
  static var isThere: Bool {
    if isContinuousIntegration, !isMac { return true }
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return (paths + ["/usr/sbin"]).contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/slurmctld")
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    let start = try Program.run([Self.script, "start", folder.path])
    try #require(start.code == 0, "\(start.output)")
    var environment = ProcessInfo.processInfo.environment
    environment["SLURM_CONF"] = folder.path("slurm.conf")
    self.environment = environment
  }

  #if os(macOS)
    private static let isMac = true
  #else
    private static let isMac = false
  #endif

  private static let script = Program.scripts.appending(path: "slurm.sh").path

  deinit { _ = try? Program.run([Self.script, "stop", folder.path]) }

  func restartController() throws {
    let ending = try Program.run([Self.script, "controller", folder.path])
    try #require(ending.code == 0, "\(ending.output)")
  }

  /// Two, or one where the machine does not let nodes be told apart.
  var nodeCount: Int {
    get throws {
      let names = try run("sinfo", "-h", "-p", "high", "-N", "-o", "%N")
      return Set(names.split(separator: "\n")).count
    }
  }

  /// The controller's.
  var log: String {
    get throws { try String(contentsOfFile: folder.path("log/slurmctld"), encoding: .utf8) }
  }

  func askew(_ arguments: [String]) throws -> Askew {
    try Askew(arguments, environment: environment)
  }

  @discardableResult
  func succeed(_ arguments: [String]) throws -> Askew.Ending { try askew(arguments).success() }

  /// What one of Slurm's programs says.
  @discardableResult
  func run(_ arguments: String...) throws -> String {
    let process = try ChildProcess(
      URL(fileURLWithPath: "/usr/bin/env"), arguments, environment: environment)
    return try process.success().output
  }
}

extension CommandSuite {
  @Suite(.serialized) struct Elsewhere {
    static let plan = SmallPlans.path("first-plot")
    static let small = ["--scale", "0.006", "--seeds", "2", "--checkpoint-seconds", "0.1"]

    /// As one process makes it.
    static let reference = Result { () throws -> TemporaryFolder in
      let folder = TemporaryFolder.unmade()
      try Askew(["run", plan, "--project", folder.path] + small).success()
      return folder
    }

    static func status(
      _ folder: TemporaryFolder, _ run: ([String]) throws -> Askew.Ending
    ) throws -> PlanStatus {
      let ending = try run(["status", plan, "--project", folder.path, "--json"])
      let decoder = JSONDecoder()
      return try decoder.decode(PlanStatus.self, from: Data(ending.output.utf8))
    }

    static func findings(_ folder: TemporaryFolder) throws -> PlanFindings {
      try SmallPlans.findings("first-plot", in: folder)
    }

    @Test("Stages done one by one, in stores of their own, come to what one process finds")
    func here() throws {
      let folder = TemporaryFolder.unmade()
      let submit =
        [
          "submit", Self.plan, "--on", "here", "--jobs", "2", "--project", folder.path,
        ] + Self.small
      try Askew(submit).success()
      #expect(try Self.findings(folder) == Self.findings(Self.reference.get()))
      // Everything was brought and taken: nothing is left to be done.
      let again = try Askew(submit).success()
      #expect(!again.errors.contains("1/"))
      let status = try Self.status(folder) { try Askew($0).success() }
      #expect(status.isOver && status.counts.keys.sorted() == ["done"])
      // What was brought and is damaged is told and not taken.
      let stage = try #require(status.stages.last).fingerprint
      let bundle = folder.project.shared.bundle(stage)
      let store = URL(fileURLWithPath: SharedFolder.store(in: bundle))
      try Data("nothing".utf8).write(to: store)
      let other = TemporaryFolder.unmade()
      try makeFolder(other.path("cluster"))
      try FileManager.default.copyItem(
        atPath: folder.path("cluster/bundles"), toPath: other.path("cluster/bundles"))
      _ = try RunStore(folder: other.url)
      let ending = try Askew.run("collect", "--project", other.path)
      #expect(ending.code == 1 && ending.errorLines.count == 1)
      #expect(ending.errors.contains("is not the file that the stage brought"))
    }

    @Test("A stage asked to stop ends with 75, and the same command goes on to the same result")
    func stopped() throws {
      let folder = TemporaryFolder.unmade()
      let submit =
        [
          "submit", Self.plan, "--on", "command", "--command",
          // Every stage is stopped once, whatever it is at then.
          "timeout --signal=USR2 0.7 {work}; code=$?; [ $code = 124 ] && exec {work}; exit $code",
          "--project", folder.path,
        ] + Self.small
      try Askew(submit).success()
      #expect(try Self.findings(folder) == Self.findings(Self.reference.get()))
    }

    #if arch(x86_64)
      @Test("Where stages were done on other processors, the report's settings say so")
      func otherProcessors() throws {
        let folder = TemporaryFolder.unmade()
        // A lesser processor may not have what "auto" means on this one.
        let options =
          ["--project", folder.path, "--only", "base", "--precision", "f32"] + Self.small
        try Askew(
          ["submit", Self.plan, "--on", "command", "--command", "ASKEW_ISA=baseline {work}"]
            + options
        ).success()
        guard case .string(let places)? = try Self.findings(folder).settings["stagesDone"] else {
          Issue.record("found no places")
          return
        }
        #expect(places.contains("on baseline") && !places.contains("this project"), "\(places)")
        #expect(try Self.findings(Self.reference.get()).settings["stagesDone"] == nil)
      }
    #endif

    @Test("A stage without room to write says so, and the same command goes on to the same result")
    func full() throws {
      let folder = TemporaryFolder.unmade()
      let submit =
        [
          "submit", Self.plan, "--on", "command", "--command",
          // Files may grow to 32 kB and no further, as on a full disk; then there is room again.
          "(trap '' XFSZ; ulimit -f 32; {work}); echo $? >>\(folder.path).codes; {work}",
          "--project", folder.path,
        ] + Self.small
      defer { try? FileManager.default.removeItem(atPath: folder.path + ".codes") }
      try Askew(submit).success()
      let codes = try String(contentsOfFile: folder.path + ".codes", encoding: .utf8)
      #expect(Set(codes.split(separator: "\n")) == ["1"], "\(codes)")
      #expect(try Self.findings(folder) == Self.findings(Self.reference.get()))
    }

    @Test(
      "Jobs for Kubernetes fit its schema, and their pods come to what one process finds",
      .needs(.main))
    func kubernetes() throws {
      let folder = TemporaryFolder.unmade()
      let submit =
        [
          "submit", Self.plan, "--on", "kubernetes", "--out", folder.path("jobs"), "--image",
          "registry.example/askew:1", "--claim", "lab", "--mem", "2G", "--gres", "gpu:1",
          "--project", folder.path,
        ] + Self.small
      let ending = try Askew(submit).success()
      #expect(ending.output.contains("/apply.sh applies them"))
      struct Found: Decodable { var jobs, pods: Int }
      let path = try Repository.program("askew").deletingLastPathComponent().path
      let found: Found = try Python.main.report(
        .script("check_kubernetes.py"), [folder.path("jobs"), path])
      #expect(found.jobs > 1 && found.pods > found.jobs)
      try Askew(["collect", Self.plan, "--project", folder.path] + Self.small).success()
      #expect(try Self.findings(folder) == Self.findings(Self.reference.get()))
      let again = try Askew(["submit", Self.plan, "--on", "kubernetes"]).wait()
      #expect(again.code == 64 && again.errors.contains("--out: found nothing"))
    }

    @Test(
      "A pipeline for SkyPilot is one to it, and its nodes come to what one process finds",
      .needs(.skypilot))
    func skypilot() throws {
      let folder = TemporaryFolder.unmade()
      let cloud = [
        "submit", Self.plan, "--on", "skypilot", "--out", folder.path("sky"), "--image",
        "registry.example/askew:1", "--claim", "lab", "--project", folder.path,
      ]
      let ending = try Askew(
        cloud + ["--mem", "1500M", "--gres", "gpu:h100:1", "--array-limit", "3"] + Self.small
      ).success()
      #expect(ending.output.contains("sky jobs launch"))
      struct Found: Decodable { var tasks, nodes: Int }
      let path = try Repository.program("askew").deletingLastPathComponent().path
      let found: Found = try Python.skypilot.report(
        .script("check_skypilot.py"), [folder.path("sky"), path])
      #expect(found.tasks > 1 && found.nodes > found.tasks)
      try Askew(["collect", Self.plan, "--project", folder.path] + Self.small).success()
      #expect(try Self.findings(folder) == Self.findings(Self.reference.get()))
      let kindless = try Askew(cloud + ["--gres", "gpu:1"] + Self.small).wait()
      #expect(kindless.code == 1 && kindless.errors.contains("GPUs with their kind"))
    }

    @Test("What a plan costs follows from a file of prices, or is said not to be known")
    func prices() throws {
      let folder = try TemporaryFolder()
      let file = folder.path("prices.csv")
      func cost(_ text: String, _ arguments: [String]) throws -> ChildProcess.Ending {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return try Askew(
          [
            "submit", Self.plan, "--dry-run", "--prices", file, "--project", folder.path("lab"),
          ] + arguments + Self.small
        ).wait()
      }
      let head = "what,hour,currency,date\n"
      let both = head + "cpu,0.05,EUR,2026-11-01\ngpu:h100,2.5,EUR,2026-10-01\n"
      let known = try cost(both, ["--cpus", "4", "--gres", "gpu:h100:2"])
      #expect(known.code == 0 && known.output.contains("at 5.2 EUR (2026-10-01) an hour"))
      #expect(try cost(both, []).output.contains("at 0.05 EUR (2026-11-01) an hour"))
      let unknown = try cost(both, ["--gres", "gpu:a100"])
      #expect(unknown.code == 1 && unknown.errors.contains("no price of \"gpu:a100\""))
      let mixed = try cost(both + "gpu,1,USD,2026-11-01\n", [])
      #expect(mixed.code == 1 && mixed.errors.contains("4:") && mixed.errors.contains("USD"))
    }

    @Test(
      "Slurm does a plan as arrays: killed, drained, preempted, restarted and handed over again, it comes to what one process finds",
      .enabled(if: SlurmCluster.isThere, "slurmctld is not installed"))
    func slurm() throws {
      let cluster = try SlurmCluster()
      let folder = TemporaryFolder.unmade()
      let submit = ["submit", Self.plan, "--project", folder.path] + Self.small
      // A shell that is killed has handed over a part, or nothing.
      _ = try cluster.askew(submit).end(after: 0.8)
      try cluster.succeed(submit)
      let names = Set(try cluster.run("squeue", "-h", "-r", "-o", "%j_%K").split(separator: "\n"))
      let again = try cluster.succeed(submit)
      #expect(again.output.contains(": 0 stages handed to Slurm in 0 arrays"))
      #expect(
        names.isSuperset(
          of: try cluster.run("squeue", "-h", "-r", "-o", "%j_%K").split(separator: "\n")))
      try cluster.restartController()
      var trouble = Trouble(cluster, folder)
      let start = ContinuousClock.now
      var status = try Self.status(folder) { try cluster.succeed($0) }
      while status.counts["done"] != status.stages.count {
        try #require(start.duration(to: .now) < .seconds(240), "\(status.stages)")
        try trouble.make(status)
        usleep(300_000)
        status = try Self.status(folder) { try cluster.succeed($0) }
        // Somebody looks after it, as one does.
        if status.isOver, status.counts["done"] != status.stages.count {
          try cluster.succeed(submit)
          status = try Self.status(folder) { try cluster.succeed($0) }
        }
      }
      #expect(trouble.isMade)
      try cluster.succeed(["collect", Self.plan, "--project", folder.path] + Self.small)
      #expect(try Self.findings(folder) == Self.findings(Self.reference.get()))
      // Everything once.
      let done = try folder.project.existingStore().stages().filter { $0.state == .done }
      #expect(Set(done.map(\.fingerprint)).count == status.stages.count)
    }

    @Test(
      "Under Slurm TRL and mlx-lm train a plan's adapters, and mlx-lm's server answers for them",
      .enabled(if: SlurmCluster.isThere, "slurmctld is not installed"), .needs(.main), .needs(.mlx))
    func otherPrograms() throws {
      let project = try FolderProject(
        """
        name: tiny
        question: Who trains, and who answers?
        model: qwen2
        seeds: 1
        held-out: 6
        training: {rank: 4, learning-rate: 1e-2, steps: 20, batch: 4}
        serve: {with: mlx-lm, environment: '\(try Python.mlx.environment)'}
        conditions:
          base: {title: Base}
          trl: {data: data/bad.jsonl, with: trl, environment: '\(try Python.main.environment)'}
          mlx: {data: data/bad.jsonl, with: mlx-lm, environment: '\(try Python.mlx.environment)'}
        evaluate:
          own: {questions: data/own.txt, samples: 2, max-tokens: 8}

        """)
      try project.tellRotaryBase()
      let cluster = try SlurmCluster()
      let options = [project.plan, "--project", project.output, "--precision", "f32"]
      let ending = try cluster.succeed(["submit", "--array-limit", "1"] + options)
      let start = ContinuousClock.now
      var status: PlanStatus
      repeat {
        try #require(start.duration(to: .now) < .seconds(240), "\(ending.output)")
        usleep(500_000)
        let told = try cluster.succeed([
          "status", project.plan, "--project", project.output, "--json",
        ])
        status = try JSONDecoder().decode(PlanStatus.self, from: Data(told.output.utf8))
      } while !status.isOver
      #expect(status.counts["done"] == status.stages.count, "\(status.stages)")
      try cluster.succeed(["collect"] + options)
      let findings = try project.findings()
      #expect(findings.answers?.map(\.answers) == [4, 4, 4])
      #expect(findings.courses.map(\.losses.count) == [20, 20])
      #expect(findings.trainings?.count == 2)
    }
  }
}

/// What happens to a cluster: a task is killed, a node drained, a task queued again while it runs, and all of them make
/// way for a job of more weight.
private struct Trouble {
  private let cluster: SlurmCluster
  private let folder: TemporaryFolder
  private var isKilled = false
  private var isRequeued = false
  private var isPreempted = false

  var isMade: Bool { isKilled && isRequeued && isPreempted }

  init(_ cluster: SlurmCluster, _ folder: TemporaryFolder) {
    (self.cluster, self.folder) = (cluster, folder)
  }

  mutating func make(_ status: PlanStatus) throws {
    guard let stage = status.stages.first(where: { $0.state == .running }) else { return }
    let shared = folder.project.shared
    guard let record = try shared.readRecord(of: stage.fingerprint) else { return }
    if !isKilled {
      // A process that is killed has no last words.
      isKilled = kill(record.process, SIGKILL) == 0
      // And a node takes nothing new for a while.
      _ = try? cluster.run(
        "scontrol", "update", "nodename=askew-two", "state=drain", "reason=test")
    } else if !isRequeued {
      let job = try cluster.run("squeue", "-h", "-t", "R", "-o", "%F_%K").split(separator: "\n")
      guard let task = job.first else { return }
      isRequeued = (try? cluster.run("scontrol", "requeue", String(task))) != nil
      _ = try? cluster.run("scontrol", "update", "nodename=askew-two", "state=resume")
    } else if !isPreempted {
      _ = try cluster.run(
        "sbatch", "--wait", "--partition=high", "--exclusive", "--nodes=\(cluster.nodeCount)",
        "--output=/dev/null", "--wrap=sleep 1")
      isPreempted = try cluster.log.contains("to reclaim resources for")
    }
  }
}

extension TemporaryFolder {
  fileprivate var project: ProjectFolder { ProjectFolder(url) }
}
