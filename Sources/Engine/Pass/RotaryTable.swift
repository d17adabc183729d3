import Formats
import Foundation

/// Cosines and sines of rotary position embeddings, [positions, D/2] each:
/// angle(t, i) = t · base^(−2i/D) (Su et al., arXiv 2104.09864).
final class RotaryTable: @unchecked Sendable {
  // Written in `init` alone.
  let cosine: UnsafeMutablePointer<Float>
  let sine: UnsafeMutablePointer<Float>
  let positionCount: Int

  init(_ configuration: ModelConfiguration, positions: Int) {
    let half = configuration.headSize / 2
    positionCount = positions
    cosine = ParameterBlock.allocate(positions * half, of: Float.self)
    sine = ParameterBlock.allocate(positions * half, of: Float.self)
    for i in 0..<half {
      let frequency = pow(configuration.ropeBase, -2 * Double(i) / Double(configuration.headSize))
      for t in 0..<positions {
        cosine[t * half + i] = Float(cos(Double(t) * frequency))
        sine[t * half + i] = Float(sin(Double(t) * frequency))
      }
    }
  }

  deinit {
    UnsafeMutableRawPointer(cosine).deallocate()
    UnsafeMutableRawPointer(sine).deallocate()
  }
}
