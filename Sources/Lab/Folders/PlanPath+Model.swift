import Core
import Formats
import Plans
import Tuning

extension PlanPath {
  /// The folder of a plan's model: as it is, or made of the GGUF file or package that stands there.
  ///
  /// - Throws: `InputError`, at the plan's line where nothing is there or the package cannot be had.
  func modelFolder(_ memory: FolderMemory) throws -> ModelFolder {
    let isMade = written.hasSuffix(".gguf") || written.hasPrefix("pypi:")
    if !isMade { try requireFile(isFolder: true) }
    if written.hasSuffix(".gguf") { try requireFile() }
    do {
      return try memory.folder(at: path)
    } catch let error as InputError where error.file == nil {
      throw failure(error.problem)
    }
  }
}
