#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension TemplateTime {
  /// Now, in the machine's time zone.
  package static var now: TemplateTime {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return TemplateTime(
      year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
      hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
  }

  /// The C library's `strftime`, which Python's uses too; `nil` for a time that no calendar has and
  /// for results of more than a kilobyte.
  func text(format: String) -> String? {
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...61).contains(second),
      format.utf8.count <= 256, !format.utf8.contains(0)
    else { return nil }
    if format.isEmpty { return "" }
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    parts.tm_hour = Int32(hour)
    parts.tm_min = Int32(minute)
    parts.tm_sec = Int32(second)
    (parts.tm_wday, parts.tm_yday) = weekdayAndDayOfYear
    var buffer = [CChar](repeating: 0, count: 1024)
    // The mark tells an empty result from one that is too long.
    let count = strftime(&buffer, buffer.count, "." + format, &parts)
    guard count > 0 else { return nil }
    return String(decoding: buffer[1..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Days since Sunday and since 1 January (Gregorian).
  private var weekdayAndDayOfYear: (Int32, Int32) {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let dayOfYear = lengths[..<(month - 1)].reduce(0, +) + day - 1
    let before = year - 1
    let days = before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear
    // 1 January of the year 1 is a Monday.
    return (Int32((days + 1) % 7), Int32(dayOfYear))
  }
}
