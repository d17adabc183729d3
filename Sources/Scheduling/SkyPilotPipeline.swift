import Core
import Foundation

/// A pipeline of SkyPilot tasks that does the stages of a plan, level by level, as documents of JSON, which YAML is too.
///
/// `sky jobs launch` runs the tasks one after the other. A level is one task of several nodes that share the stages by
/// their rank: a machine is started once a level and not once a stage. A stage that was stopped ends with 75 and begins again;
/// one that fails does not keep the others from being done. After a preemption the task begins again, and what was brought
/// is not done again.
package struct SkyPilotPipeline {
  package struct Settings: Sendable, Hashable {
    package var image: String
    /// A volume, mounted where the project lies.
    package var volume: String
    package var resources: SlurmResources

    package init(image: String, volume: String, resources: SlurmResources) {
      (self.image, self.volume, self.resources) = (image, volume, resources)
    }
  }

  private let name: String
  private let tasks: [Task]

  /// - Parameters:
  ///   - levels: stages that may be done beside each other, each level after the one before.
  ///   - work: the words before and after the stage.
  /// - Throws: `InputError` for GPUs without a kind, or memory that is no number of them.
  package init(
    _ name: String, _ levels: [[Fingerprint]], _ settings: Settings,
    work: (before: [String], after: [String]), project: String
  ) throws(InputError) {
    self.name = name
    let resources = settings.resources
    let needs = Needs(
      cpus: "\(resources.processors)+", memory: try resources.memory.map(Self.gigabytes),
      accelerators: try resources.accelerators.map { "\($0.kind.uppercased()):\($0.count)" },
      image: "docker:\(settings.image)")
    tasks = levels.enumerated().map { index, stages in
      Task(
        name: "\(name)-\(index + 1)", nodeCount: min(stages.count, resources.arrayLimit ?? 1),
        resources: needs, volumes: [project: settings.volume],
        run: Self.script(stages, resources, work))
    }
  }

  private static func script(
    _ stages: [Fingerprint], _ resources: SlurmResources,
    _ work: (before: [String], after: [String])
  ) -> String {
    let line =
      "\(ShellWords.line(work.before)) \"$stage\" \(ShellWords.line(work.after)) --threads "
      + String(resources.processors)
    let lines =
      resources.before
      + [
        "index=0; failed=0", "for stage in \(stages.map(\.hex).joined(separator: " ")); do",
        "  if [ $((index % SKYPILOT_NUM_NODES)) -eq \"$SKYPILOT_NODE_RANK\" ]; then", "    code=75",
        "    while [ $code -eq 75 ]; do code=0; \(line) || code=$?; done",
        "    [ $code -eq 0 ] || failed=$code", "  fi", "  index=$((index + 1))", "done",
        "exit $failed",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Slurm's 32G or 2048M as SkyPilot's number of GB, at least.
  private static func gigabytes(_ memory: String) throws(InputError) -> String {
    let units: [Character: Double] = ["M": 1.0 / 1024, "G": 1, "T": 1024]
    guard let unit = memory.last.flatMap({ units[$0] }), let count = Double(memory.dropLast()),
      count > 0
    else {
      throw InputError(
        "found \(memory.quotedOnOneLine), expected a number with M, G or T", field: "--mem")
    }
    return "\(max(1, Int((count * unit).rounded(.up))))+"
  }

  package func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let head = String(decoding: try encoder.encode(["name": name]), as: UTF8.self)
    let documents = try tasks.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    return ([head] + documents).joined(separator: "\n---\n") + "\n"
  }

  // MARK: - As SkyPilot names it

  private struct Task: Encodable {
    let name: String
    let nodeCount: Int
    let resources: Needs
    let volumes: [String: String]
    let run: String

    enum CodingKeys: String, CodingKey {
      case name, resources, volumes, run
      case nodeCount = "num_nodes"
    }
  }

  private struct Needs: Encodable {
    let cpus: String
    let memory: String?
    let accelerators: String?
    let image: String

    enum CodingKeys: String, CodingKey {
      case cpus, memory, accelerators
      case image = "image_id"
    }
  }
}

extension SlurmResources {
  /// What `--gres` asks for, such as `gpu:h100:2`; `nil`: nothing.
  ///
  /// - Throws: `InputError` without a kind.
  package var accelerators: (kind: String, count: Int)? {
    get throws(InputError) {
      guard let gres else { return nil }
      let parts = gres.split(separator: ":").map(String.init)
      guard parts.count >= 2, Int(parts[1]) == nil,
        let count = Int(parts.count > 2 ? parts[2] : "1")
      else {
        throw InputError(
          "found \(gres.quotedOnOneLine), expected GPUs with their kind, such as gpu:h100:1",
          field: "--gres")
      }
      return (parts[1], count)
    }
  }
}
