import Core
import Foundation

/// Arrays in Slurm's queue, and our own books of them.
package struct SlurmQueue: Sendable {
  /// Stages that need not be handed over, with the arrays that they are in.
  package struct Active: Sendable {
    package var places: [Fingerprint: ArrayLayout.Place] = [:]
    /// Slurm's numbers of the arrays.
    package var ids: [String] = []
  }

  private let folder: SharedFolder
  private let slurm: Slurm

  package init(_ folder: SharedFolder, _ slurm: Slurm) {
    (self.folder, self.slurm) = (folder, slurm)
  }

  /// Which of the stages Slurm has in its queue. An array that was being handed over when the shell was killed is
  /// found by its name, or forgotten.
  ///
  /// - Throws: `InputError` where Slurm cannot be asked: nobody knows then what is under way.
  package func active(
    _ stages: [Fingerprint], _ book: inout JobBook
  ) throws(InputError) -> Active {
    let latest = book.latest
    var jobs: [String: JobRecord] = [:]
    for stage in stages {
      if let job = latest[stage]?.job { jobs[job.name] = job }
    }
    var active = Active()
    let queue = try slurm.queue(jobs.keys.sorted())
    let byName = Dictionary(grouping: queue, by: \.name)
    for name in jobs.keys.sorted() {
      guard var job = jobs[name] else { continue }
      guard let queued = byName[name], let id = queued.first?.job else {
        // Either all of it is over, or it never was; the files of its tasks say what came of it.
        if job.id == nil { book.forget(job) }
        continue
      }
      if job.id == nil {
        job.id = id
        try book.write(job)
      }
      let open = Set(queued.map(\.index))
      var isUsed = false
      for (index, stage) in job.tasks
      where open.contains(index) && latest[stage]?.job.name == name && stages.contains(stage) {
        active.places[stage] = ArrayLayout.Place(array: active.ids.count, index: index)
        isUsed = true
      }
      if isUsed { active.ids.append(id) }
    }
    return active
  }

  /// Hands an array over: books first.
  ///
  /// - Returns: Slurm's number.
  package func submit(
    _ array: ArrayLayout.Array, after ids: [String], _ script: SlurmScript,
    _ book: inout JobBook
  ) throws(InputError) -> String {
    var job = JobRecord(name: script.name, submitted: Date(), tasks: array.tasks)
    try book.write(job)
    try script.write()
    do throws(InputError) {
      let id = try slurm.submit(script.path, dependency: array.dependency.slurm(ids))
      job.id = id
    } catch {
      book.forget(job)
      throw error
    }
    try book.write(job)
    return job.id ?? ""
  }

  /// Calls off the tasks of stages that Slurm still has.
  ///
  /// - Returns: how many.
  package func cancel(_ stages: [Fingerprint]) throws(InputError) -> Int {
    var book = try JobBook(folder)
    let active = try active(stages, &book)
    let tasks = active.places.values.map { "\(active.ids[$0.array])_\($0.index)" }
    try slurm.cancel(tasks.sorted())
    return tasks.count
  }
}
