/// How much a template may do before it is stopped with an error. Templates come from strangers.
public struct TemplateLimits: Sendable, Hashable {
  /// Steps of evaluation; long texts and lists count as many.
  public var steps = 20_000_000
  /// Bytes of one text, the rendered one included.
  public var textBytes = 1 << 26
  /// Elements of one list; Jinja's sandbox allows as many in a `range`.
  public var listElements = 100_000
  /// Levels of evaluation: expressions in statements in macros in macros. Known templates need
  /// fewer than 40; a hundred fit into the stack of a thread that has half a megabyte.
  public var levels = 100
  /// Levels of lists in lists.
  public var valueDepth = 100

  public init() {}
}

/// A moment by the calendar, for `strftime_now`.
public struct TemplateTime: Sendable, Hashable, Codable {
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  public var hour: Int
  public var minute: Int
  public var second: Int

  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }
}
