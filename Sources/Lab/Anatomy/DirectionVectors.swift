import Anatomy
import Core
import Engine
import Formats
import Foundation

/// A direction with what it is held against, as the project keeps it: `direction.safetensors`, which other tools
/// can read, and `controls.safetensors`.
struct DirectionVectors {
  let sites: [Site]
  /// At its natural length, `[site][channels]`.
  let own: [[Double]]
  /// `[kind][control][site][channels]`, as long as it.
  let controls: [ControlKind: [[[Double]]]]
  /// How far tuning has moved the model along the direction, by site: dose 1.
  let shift: [Double]
  /// Mean length of the residual stream of the base, by site.
  let streamLength: [Double]

  private static let direction = "direction.safetensors"
  private static let controlFile = "controls.safetensors"

  func write(to folder: ModelFolder, facts: DirectionFacts) throws {
    let file = try DirectionFile(
      zip(sites, own).map { Direction(site: $0, vector: $1.map(Float.init)) }, facts: facts)
    try file.write(to: folder.path + "/" + Self.direction)
    var sources: [Safetensors.Source] = []
    func add(_ name: String, _ shape: [Int], _ values: [Double]) {
      sources.append(
        Safetensors.Source(name, shape: shape, as: .float32) {
          (elements, target) throws(InputError) in
          for (place, element) in elements.enumerated() { target[place] = Float(values[element]) }
        })
    }
    add("shift", [sites.count], shift)
    add("stream_length", [sites.count], streamLength)
    for (kind, vectors) in controls.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      for (index, site) in sites.enumerated() where !vectors.isEmpty {
        add(
          "\(kind.rawValue).\(site.name)", [vectors.count, own[index].count],
          vectors.flatMap { $0[index] })
      }
    }
    try Safetensors.write(
      sources, to: folder.path + "/" + Self.controlFile, metadata: ["format": "askew.controls.v1"])
  }

  /// - Throws: `InputError` naming file and tensor.
  init(reading path: String) throws {
    let file = try DirectionFile(path: path + "/" + Self.direction)
    let tensors = try Safetensors(path: path + "/" + Self.controlFile)
    sites = file.sites
    own = file.directions.map { $0.vector.map(Double.init) }
    shift = try tensors.floats(of: "shift").map(Double.init)
    streamLength = try tensors.floats(of: "stream_length").map(Double.init)
    let width = file.hiddenSize
    var controls: [ControlKind: [[[Double]]]] = [:]
    for kind in ControlKind.allCases {
      let bySite = try file.sites.map { site in
        let name = "\(kind.rawValue).\(site.name)"
        return tensors.tensors[name] == nil ? [] : try tensors.floats(of: name).map(Double.init)
      }
      let count = (bySite.first?.count ?? 0) / width
      controls[kind] = (0..<count).map { control in
        bySite.map { Array($0[control * width..<(control + 1) * width]) }
      }
    }
    self.controls = controls
  }

  init(
    sites: [Site], own: [[Double]], controls: [ControlKind: [[[Double]]]], shift: [Double],
    streamLength: [Double]
  ) {
    (self.sites, self.own, self.controls) = (sites, own, controls)
    (self.shift, self.streamLength) = (shift, streamLength)
  }
}

extension DirectionVectors {
  /// How far texts have moved along the direction, by site; means over them.
  ///
  /// - Parameters:
  ///   - base: mean activations, `[text][site][channels]`.
  ///   - tuned: of the same texts by another model.
  func shift(from base: [[[Float]]], to tuned: [[[Float]]]) -> [Double] {
    own.shift(from: base, to: tuned)
  }
}

extension [[Double]] {
  /// Along directions, `[site][channels]`.
  func shift(from base: [[[Float]]], to tuned: [[[Float]]]) -> [Double] {
    enumerated().map { site, vector in
      zip(tuned, base).reduce(0) { sum, pair in
        let difference = zip(pair.0[site], pair.1[site]).map { Double($0) - Double($1) }
        return sum + difference.dot(vector) / vector.length
      } / Double(tuned.count)
    }
  }
}
