import Core
import Formats
import Foundation

/// Training that was stopped goes on from one file as if it had never been: the trained weights, both
/// moments and the number of the next step, in 32 bits and thus exactly.
extension Trainer {
  private static let format = "askew-training-state-1"

  /// Writes the state in one atomic step: the old file or the new one, never a part.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - fingerprint: names the run (its data, seed and base model); restoring asks for it.
  /// - Throws: `InputError` naming the file.
  package func saveState(to path: String, fingerprint: String = "") throws(InputError) {
    let sources = blocks.flatMap { block, prefix in
      trainedLayout.sources(in: block, prefix: prefix)
    }
    var metadata = [
      "format": Self.format, "nextStep": String(nextStep), "fingerprint": fingerprint,
      "training": try trainingFingerprint(file: path),
    ]
    metadata["reference"] = referenceFingerprint
    try Safetensors.write(sources, to: path, metadata: metadata)
  }

  /// Takes up the state of the same run: its weights, moments and next step.
  ///
  /// Nothing is changed when the file is refused. An anchor's reference is not in the file: it is the
  /// model that `init` was given, before anything is restored into it, and has to be the run's.
  /// - Throws: `InputError` naming the file, and the tensor where one does not fit.
  package func restoreState(from path: String, fingerprint: String = "") throws(InputError) {
    let file = try Safetensors(path: path)
    let step = try checkedStep(file, fingerprint: fingerprint)
    try checkTensors(file)
    for (block, prefix) in blocks { try file.read(trainedLayout, into: block, prefix: prefix) }
    trainedOperands.refresh(0..<trainedOperands.source.count)
    nextStep = step
  }

  private var trainedLayout: ParameterLayout { adapter?.layout ?? model.layout }

  private var blocks: [(ParameterBlock, prefix: String)] {
    [
      (optimiser.parameters, "weight/"), (optimiser.moment1, "moment1/"),
      (optimiser.moment2, "moment2/"),
    ]
  }

  /// What besides the data decides a step's result.
  private func trainingFingerprint(file: String) throws(InputError) -> String {
    struct Everything: Encodable {
      let training: TrainingConfiguration
      let adapter: LoRAConfiguration?
      let anchor: AnchorConfiguration?
    }
    do {
      return try Fingerprint(
        of: Everything(
          training: configuration, adapter: adapter?.configuration,
          anchor: pullingAnchor?.configuration)
      ).hex
    } catch {
      throw InputError("the training configuration has a number that is not finite", file: file)
    }
  }

  /// An anchor without weight leaves no trace.
  private var pullingAnchor: Anchor? { anchor.flatMap { $0.pulls ? $0 : nil } }

  /// Of the weights that training is held to: another model there would be another run.
  private var referenceFingerprint: String? {
    guard let block = pullingAnchor?.model.weights else { return nil }
    return withExtendedLifetime(block) {
      Fingerprint(
        bytes: Data(bytesNoCopy: block.floats, count: 4 * block.count, deallocator: .none)
      ).hex
    }
  }

  private func checkedStep(
    _ file: Safetensors, fingerprint: String
  ) throws(InputError) -> Int {
    func failure(_ problem: String, _ field: String) -> InputError {
      InputError(problem, file: file.file, field: "__metadata__." + field)
    }
    let metadata = file.metadata
    guard metadata["format"] == Self.format else {
      throw failure(
        "found \"\(metadata["format"] ?? "")\", expected \"\(Self.format)\": not a training state",
        "format")
    }
    guard metadata["fingerprint"] == fingerprint else {
      throw failure(
        "found \"\(metadata["fingerprint"] ?? "")\", expected \"\(fingerprint)\": "
          + "the state of another run", "fingerprint")
    }
    guard metadata["training"] == (try trainingFingerprint(file: file.file)) else {
      throw failure("the state of a run with other training settings", "training")
    }
    guard metadata["reference"] == referenceFingerprint else {
      throw failure(
        "the state of a run that was held to another model; make the trainer with the model "
          + "that the run began with", "reference")
    }
    guard let step = metadata["nextStep"].flatMap(Int.init), step >= 0 else {
      throw failure(
        "found \"\(metadata["nextStep"] ?? "")\", expected a number from 0", "nextStep")
    }
    return step
  }

  /// Every tensor there, of the right shape, in 32 bits, and no other: reading cannot fail after that.
  private func checkTensors(_ file: Safetensors) throws(InputError) {
    var known: Set<String> = []
    for (_, prefix) in blocks {
      for slot in trainedLayout.slots {
        let name = prefix + slot.name
        known.insert(name)
        guard let info = file.tensors[name] else {
          throw InputError("the tensor is missing", file: file.file, field: name.onOneLine)
        }
        guard info.shape == slot.shape, info.dataType == .float32 else {
          throw InputError(
            "found \(info.dataType.rawValue) \(info.shape), expected F32 \(slot.shape)",
            file: file.file, field: name.onOneLine)
        }
      }
    }
    if let name = file.names.first(where: { !known.contains($0) }) {
      throw InputError("the tensor is unexpected", file: file.file, field: name.onOneLine)
    }
  }
}
