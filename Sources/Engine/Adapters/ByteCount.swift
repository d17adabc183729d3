import Foundation

/// A number of bytes for people to read.
package enum ByteCount {
  /// In the largest binary unit of which there is one, such as `942.3 MiB`.
  package static func text(_ count: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count), unit = 0
    while value >= 1024, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(count) bytes" : String(format: "%.1f %@", value, units[unit])
  }
}
