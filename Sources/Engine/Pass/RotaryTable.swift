import Formats
import Foundation

/// Cosines and sines of rotary position embeddings, [positions, D/2] each:
/// angle(t, i) = t · f(i) with f(i) = base^(−2i/D) (Su et al., arXiv 2104.09864), stretched where the
/// model says so.
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
      let plain = pow(configuration.ropeBase, -2 * Double(i) / Double(configuration.headSize))
      let frequency = configuration.ropeScaling?.scaled(plain) ?? plain
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

extension RopeScaling {
  /// Llama 3's stretching for long texts, as transformers has it: with wavelength λ = 2π/f and the
  /// original length L, f for λ < L/high, f/factor for λ > L/low, and between them
  /// (1 − s)·f/factor + s·f with s = (L/λ − low)/(high − low).
  func scaled(_ frequency: Double) -> Double {
    let turns = Double(originalPositionCount) * frequency / (2 * .pi)
    if turns < lowFrequencyFactor { return frequency / factor }
    if turns > highFrequencyFactor { return frequency }
    let share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
    return (1 - share) * frequency / factor + share * frequency
  }
}
