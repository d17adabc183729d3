/// How much a YAML text may hold.
package struct YAMLLimits: Sendable {
  /// Values; what an alias stands for counts each time.
  package var values: Int
  /// Lists and mappings inside each other.
  package var levels: Int
  /// Aliases multiply: sixteen stand for at most a few hundred times what is written. `nil`: as many
  /// as the number of values allows.
  package var aliases: Int?

  package init(values: Int, levels: Int, aliases: Int? = nil) {
    self.values = values
    self.levels = levels
    self.aliases = aliases
  }
}
