import CKernels
import Formats

/// Linear layers that read the same input and are multiplied together.
enum LinearGroup: Int, CaseIterable {
  case qkv, output, gateUp, down

  var members: [LinearLayer] {
    switch self {
    case .qkv: [.query, .key, .value]
    case .output: [.output]
    case .gateUp: [.gate, .up]
    case .down: [.down]
    }
  }

  func inputSize(_ c: ModelConfiguration) -> Int {
    switch self {
    case .qkv, .gateUp: c.hiddenSize
    case .output: c.attentionSize
    case .down: c.intermediateSize
    }
  }

  func outputSize(_ c: ModelConfiguration) -> Int {
    switch self {
    case .qkv: c.qkvSize
    case .output, .down: c.hiddenSize
    case .gateUp: 2 * c.intermediateSize
    }
  }

  func weight(_ offsets: LayerOffsets) -> Int {
    switch self {
    case .qkv: offsets.qkv
    case .output: offsets.output
    case .gateUp: offsets.gateUp
    case .down: offsets.down
    }
  }
}

/// An adapted member of a group: its adapter, and the columns of the group's output that are its.
struct GroupPart {
  let adapter: AdapterPart
  let firstColumn: Int
  /// Which of the block's adapted layers it is: the place of its kept activations.
  let index: Int
}

extension Adapter {
  /// The adapted members of `group` in block `layer`.
  func parts(of group: LinearGroup, layer: Int, in configuration: ModelConfiguration) -> [GroupPart]
  {
    var column = 0
    var result: [GroupPart] = []
    for member in group.members {
      if let index = parts[layer].firstIndex(where: { $0.layer == member }) {
        result.append(
          GroupPart(adapter: parts[layer][index], firstColumn: column, index: index))
      }
      column += member.shape(in: configuration).rows
    }
    return result
  }
}
