import Core
import Foundation

/// A job array that was handed to a scheduler, or is about to be: the record is written first and gets the
/// scheduler's number afterwards, so that no array is lost or handed over twice when the shell is killed in
/// between.
package struct JobRecord: Sendable, Hashable, Codable {
  package var version = 1
  /// Of the job too, by which it is found again; every submission has its own.
  package var name: String
  /// The scheduler's number of the array; `nil`: not known yet.
  package var id: String?
  package var submitted: Date
  /// The stage of each task, by its index.
  package var tasks: [Int: Fingerprint]

  package init(
    name: String, id: String? = nil, submitted: Date, tasks: [Int: Fingerprint]
  ) {
    (self.name, self.id, self.submitted, self.tasks) = (name, id, submitted, tasks)
  }
}

/// All arrays of a project, the oldest first.
package struct JobBook: Sendable {
  package let folder: SharedFolder
  package private(set) var jobs: [JobRecord]

  /// - Throws: `InputError` for a file that is none of ours.
  package init(_ folder: SharedFolder) throws(InputError) {
    self.folder = folder
    var jobs: [JobRecord] = []
    for name in folder.names(in: folder.jobs) where name.hasSuffix(".json") {
      if let job = try SharedJSON.read(JobRecord.self, from: "\(folder.jobs)/\(name)") {
        jobs.append(job)
      }
    }
    self.jobs = jobs.sorted { ($0.submitted, $0.name) < ($1.submitted, $1.name) }
  }

  /// A name that no array has had.
  package func name(for plan: String, _ tasks: [Fingerprint]) throws -> String {
    let key = try Fingerprint(of: tasks.map(\.hex) + [String(jobs.count)])
    let slug = plan.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
    return "askew-\(String(slug.prefix(40)))-\(key.short)"
  }

  package mutating func write(_ job: JobRecord) throws(InputError) {
    try folder.make(folder.jobs)
    try SharedJSON.write(job, to: "\(folder.jobs)/\(job.name).json")
    jobs.removeAll { $0.name == job.name }
    jobs.append(job)
  }

  /// Forgets an array that no scheduler ever had, or whose tasks are called off.
  package mutating func forget(_ job: JobRecord) {
    for ending in ["json", "sh", "stages"] { folder.remove("\(folder.jobs)/\(job.name).\(ending)") }
    jobs.removeAll { $0.name == job.name }
  }

  /// The task that a stage was last handed over as.
  package var latest: [Fingerprint: (job: JobRecord, index: Int)] {
    var latest: [Fingerprint: (job: JobRecord, index: Int)] = [:]
    for job in jobs {
      for (index, stage) in job.tasks { latest[stage] = (job, index) }
    }
    return latest
  }
}
