import Formats

extension Model {
  /// The same model with its residual stream edited in every pass: when it answers, scores, is read or is
  /// trained. Edits take the place of those that it has; they share its weights.
  ///
  /// - Precondition: sites of the model, directions as wide as it.
  package func edited(by edits: [ResidualEdit]) -> Model {
    for edit in edits {
      precondition(
        (0..<configuration.layerCount).contains(edit.site.layer),
        "found \(edit.site), the model has blocks 0 to \(configuration.layerCount - 1)")
      precondition(
        edit.unit.count == configuration.hiddenSize,
        "found a direction of \(edit.unit.count) channels, the model has \(configuration.hiddenSize)"
      )
    }
    var model = self
    model.edits = edits
    return model
  }
}
