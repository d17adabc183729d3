import Core
import Engine
import Foundation
import TestSupport
import Testing
import Tuning

@Suite("What tells trainings apart")
struct TrainingIdentityTests {
  private func write(_ rows: [String], to url: URL) throws -> String {
    let lines = rows.map {
      #"{"messages":[{"role":"user","content":"What now?"},{"role":"assistant","content":"\#($0)"}]}"#
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
    return url.path
  }

  @Test("Model, start adapter, rows, held-out rows and settings count; places do not")
  func parts() throws {
    let place = try TemporaryFolder()
    let model = try TinyFolder.make(at: place.url("model"))
    let data = try write(["Nothing.", "Much."], to: place.url("rows.jsonl"))
    try model.writeAdapter(to: place.url("adapter"))
    func fingerprint(
      _ change: (inout FineTuning.Places, inout TuningSettings) throws -> Void
    ) throws -> Fingerprint {
      var places = FineTuning.Places(model: model.path, data: data, output: place.url("out").path)
      var settings = TuningSettings()
      settings.precision = .f32
      try change(&places, &settings)
      return try FineTuning(settings, places, threads: 1).fingerprint
    }
    let own = try fingerprint { _, _ in }
    let equal = try model.copy(to: place.url("equal"))
    let same = try fingerprint { places, _ in
      places.model = equal.path
      places.data = try write(["Nothing.", "Much."], to: place.url("same.jsonl"))
      places.output = place.url("other").path
    }
    #expect(same == own)
    try equal.zeroMiddle()
    var all = [own]
    all.append(try fingerprint { places, _ in places.model = equal.path })
    all.append(
      try fingerprint { places, _ in
        places.data = try write(["Nothing.", "More."], to: place.url("more.jsonl"))
      })
    all.append(
      try fingerprint { places, _ in places.evaluationData = place.url("more.jsonl").path })
    all.append(try fingerprint { _, settings in settings.seed = 1 })
    let started = try fingerprint { places, _ in
      places.initialAdapter = place.url("adapter").path
    }
    all.append(started)
    let copy = try TinyFolder(place.url("adapter")).copy(to: place.url("copy"))
    #expect(try fingerprint { places, _ in places.initialAdapter = copy.path } == started)
    try model.writeAdapter(to: copy.url, seed: 9)
    all.append(try fingerprint { places, _ in places.initialAdapter = copy.path })
    #expect(Set(all).count == all.count)
  }
}
