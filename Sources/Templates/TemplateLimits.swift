/// How much a template may do before it is stopped with an error. Templates come from strangers.
package struct TemplateLimits: Sendable, Hashable {
  /// Steps of evaluation; long texts and lists count as many.
  package var steps = 20_000_000
  /// Bytes of one text, the rendered one included.
  package var textBytes = 1 << 26
  /// Elements of one list; Jinja's sandbox allows as many in a `range`.
  package var listElements = 100_000
  /// Levels of evaluation: expressions in statements in macros in macros. Known templates need
  /// fewer than 40; a hundred fit into the stack of a thread that has half a megabyte.
  package var levels = 100
  /// Levels of lists in lists.
  package var valueDepth = 100

  package init() {}
}

/// A moment by the calendar, for `strftime_now`.
package struct TemplateTime: Sendable, Hashable, Codable {
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int

  package init(
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
