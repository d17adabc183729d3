import Core
import Foundation

/// What Kubernetes has to know besides.
package struct KubernetesSettings: Sendable, Hashable {
  package var image: String
  /// A persistent volume claim, mounted where the project lies.
  package var claim: String
  package var resources: SlurmResources

  package init(image: String, claim: String, resources: SlurmResources) {
    (self.image, self.claim, self.resources) = (image, claim, resources)
  }
}

/// An Indexed Job (`batch/v1`) that does the stages of an array, as JSON that `kubectl apply` takes.
///
/// A pod does one stage, by its completion index. A stage that was stopped ends with 75 and is done again without that
/// being counted; one that fails is tried a few times, and fails its index alone (`backoffLimitPerIndex`, Kubernetes 1.29).
package struct KubernetesJob: Encodable {
  private let apiVersion = "batch/v1"
  private let kind = "Job"
  private let metadata: Metadata
  private let spec: Spec

  package var name: String { metadata.name }

  /// - Parameters:
  ///   - stages: in the order of their indices.
  ///   - work: the words before and after the stage.
  package init(
    _ name: String, _ stages: [Fingerprint], _ settings: KubernetesSettings,
    work: (before: [String], after: [String]), project: String
  ) {
    let (resources, count) = (settings.resources, stages.count)
    metadata = Metadata(name: name, labels: ["app.kubernetes.io/name": "askew"])
    let names = stages.enumerated().map { "\($0.offset)) stage=\($0.element.hex) ;;" }
    let line =
      "\(ShellWords.line(work.before)) \"$stage\" \(ShellWords.line(work.after)) --threads "
      + String(resources.processors)
    let script =
      (["case $JOB_COMPLETION_INDEX in"] + names + ["esac"] + resources.before + ["exec \(line)"])
      .joined(separator: "\n")
    var limits: [String: String] = [:]
    limits["memory"] = resources.memory.map(Self.quantity)
    // Slurm's gpu:N, or gpu:KIND:N.
    limits["nvidia.com/gpu"] = resources.gres.flatMap { $0.split(separator: ":").last }
      .map(String.init)
    var requests = ["cpu": String(resources.processors)]
    requests["memory"] = limits["memory"]
    spec = Spec(
      completions: count, parallelism: min(count, resources.arrayLimit ?? count),
      backoffLimitPerIndex: 2,
      template: Template(
        spec: Pod(
          terminationGracePeriodSeconds: resources.notice,
          containers: [
            Container(
              image: settings.image, command: ["/bin/sh", "-c", script],
              resources: Needs(requests: requests, limits: limits),
              volumeMounts: [Mount(mountPath: project)])
          ], volumes: [Volume(persistentVolumeClaim: ["claimName": settings.claim])])))
  }

  /// Slurm's 32G are what Kubernetes writes as 32Gi.
  private static func quantity(_ memory: String) -> String {
    memory.last.map { "KMGT".contains($0) } == true ? memory + "i" : memory
  }

  package func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  // MARK: - As Kubernetes names it

  private struct Metadata: Encodable {
    let name: String
    let labels: [String: String]
  }

  private struct Spec: Encodable {
    let completionMode = "Indexed"
    let completions: Int
    let parallelism: Int
    let backoffLimitPerIndex: Int
    let podFailurePolicy = FailurePolicy()
    let template: Template
  }

  /// Whatever was stopped, by us or with its node, begins again uncounted.
  private struct FailurePolicy: Encodable {
    struct Rule: Encodable {
      struct Codes: Encodable {
        let `operator` = "In"
        let values = [75]
      }

      struct Condition: Encodable {
        let type = "DisruptionTarget"
        let status = "True"
      }

      let action = "Ignore"
      var onExitCodes: Codes?
      var onPodConditions: [Condition]?
    }

    let rules = [Rule(onExitCodes: .init()), Rule(onPodConditions: [.init()])]
  }

  private struct Template: Encodable { let spec: Pod }

  private struct Pod: Encodable {
    let restartPolicy = "Never"
    let terminationGracePeriodSeconds: Int
    let containers: [Container]
    let volumes: [Volume]
  }

  private struct Container: Encodable {
    let name = "work"
    let image: String
    let command: [String]
    let resources: Needs
    let volumeMounts: [Mount]
  }

  private struct Needs: Encodable {
    let requests: [String: String]
    let limits: [String: String]
  }

  private struct Mount: Encodable {
    let name = "project"
    let mountPath: String
  }

  private struct Volume: Encodable {
    let name = "project"
    let persistentVolumeClaim: [String: String]
  }
}
