import Documents
import Templates

extension JSON {
  /// As a template's variable.
  var value: TemplateValue {
    switch self {
    case .null: .none
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .string(let value): .string(value)
    case .array(let elements): .list(elements.map(\.value))
    case .object(let object): .object(object.members.map { ($0.name, $0.value.value) })
    }
  }

  /// The members of an object by name.
  var members: [String: JSON] {
    guard case .object(let object) = self else { return [:] }
    return Dictionary(object.members.map { ($0.name, $0.value) }) { $1 }
  }

  var elements: [JSON] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}

/// A moment that the scripts take for now, too.
let fixedTime = TemplateTime(year: 2026, month: 3, day: 7, hour: 14, minute: 5, second: 9)

/// The text of a template, or why there is none.
func outcome(
  of source: String, name: String = "case", _ variables: [String: TemplateValue],
  limits: TemplateLimits = TemplateLimits()
) -> Result<RenderedTemplate, TemplateError> {
  Result { () throws(TemplateError) in
    try Template(source, name: name).render(variables, time: fixedTime, limits: limits)
  }
}

extension RenderedTemplate {
  var generatedSpans: JSON {
    .array(generated.map { [.integer($0.lowerBound), .integer($0.upperBound)] })
  }
}
