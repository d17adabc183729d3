import Foundation

/// eˣ, named here so that no other file need import a platform.
func exponential(_ x: Double) -> Double { exp(x) }
