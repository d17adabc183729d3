import Core
import Engine
import Formats

extension Precision {
  /// The precision that loses nothing of a folder's weights: `bf16` where most of them are stored so
  /// and the processor multiplies it, `f32` for F32 and for F16, whose fractions are finer.
  ///
  /// - Throws: `InputError` naming the file.
  package static func stored(in folder: String) throws -> Precision {
    try isBFloat16(in: folder) ? .preferred : .f32
  }

  /// Whether most of a folder's weights are stored in bfloat16.
  ///
  /// - Throws: `InputError` naming the file.
  package static func isBFloat16(in folder: String) throws -> Bool {
    var bytes: [DataType: Int] = [:]
    for file in try ModelWeightFiles(folder: FolderMemory().folder(at: folder)).files {
      for info in file.tensors.values { bytes[info.dataType, default: 0] += info.range.count }
    }
    let most = bytes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    return most == .bfloat16
  }
}
