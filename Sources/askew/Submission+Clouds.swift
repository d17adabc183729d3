import Engine
import Formats
import Foundation
import Lab
import Plans
import Scheduling

// Files for those who start machines elsewhere: nothing is handed over by Askew itself.
extension Submission {
  /// Writes an Indexed Job for each array, and a script that applies them, each after those that it needs.
  ///
  /// - Throws: `InputError` for a folder that is there, or cannot be written.
  func forKubernetes(_ settings: KubernetesSettings, to out: String, project: URL) throws {
    let tasks = try prepared().filter { !folder.isBrought($0.fingerprint) }
    // A pod's command has all of its stages in it, and may not be longer.
    let layout = ArrayLayout(tasks, longest: min(1000, resources.longest))
    let book = try JobBook(folder)
    let own = (before: ["askew"] + work.before.dropFirst(), after: work.after)
    let jobs = try layout.arrays.map { array in
      let stages = array.tasks.sorted { $0.key < $1.key }.map(\.value)
      return KubernetesJob(
        try book.name(for: experiment.plan.name, stages).lowercased(), stages, settings,
        work: own, project: project.path)
    }
    let target = try NewFolder(out, apartFrom: [], byteCount: 0)
    try target.write { path in
      for job in jobs { try AtomicFile.write(job.text(), to: "\(path)/\(job.name).json") }
      try AtomicFile.write(script(jobs, layout), to: "\(path)/apply.sh")
    }
    StandardStream.output.write(
      "\(experiment.plan.name): \(tasks.count) stages in \(jobs.count) Jobs; sh \(out)/apply.sh applies them\n"
    )
  }

  private func script(_ jobs: [KubernetesJob], _ layout: ArrayLayout) -> String {
    var lines = [
      "#!/bin/sh", "# Written by askew submit: Jobs, each after those whose stages it needs.",
      "set -eu",
      "cd \"$(dirname \"$0\")\"",
    ]
    for level in layout.levels {
      lines += level.map { "kubectl apply -f \(jobs[$0].name).json" }
      lines += level.map {
        "kubectl wait --for=condition=complete --timeout=-1s job/\(jobs[$0].name)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes a pipeline of SkyPilot's managed jobs: a task for each level of stages.
  ///
  /// - Throws: `InputError` for a folder that is there or cannot be written, and for resources that SkyPilot cannot be asked for.
  func forSkyPilot(_ settings: SkyPilotPipeline.Settings, to out: String, project: URL) throws {
    let tasks = try prepared().filter { !folder.isBrought($0.fingerprint) }
    let layout = ArrayLayout(tasks, longest: Int.max)
    let levels = layout.levels.map { level in
      level.flatMap { layout.arrays[$0].tasks.sorted { $0.key < $1.key }.map(\.value) }
    }
    let own = (before: ["askew"] + work.before.dropFirst(), after: work.after)
    let pipeline = try SkyPilotPipeline(
      experiment.plan.name, levels, settings, work: own, project: project.path)
    let target = try NewFolder(out, apartFrom: [], byteCount: 0)
    try target.write { path in
      try AtomicFile.write(pipeline.text(), to: "\(path)/\(experiment.plan.name).yaml")
    }
    StandardStream.output.write(
      "\(experiment.plan.name): \(tasks.count) stages in \(levels.count) tasks; "
        + "sky jobs launch \(out)/\(experiment.plan.name).yaml runs them\n")
  }
}
