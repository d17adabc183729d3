/// A chat template: the part of Jinja that chat templates of models are written in, rendered as
/// `transformers` does (`trim_blocks`, `lstrip_blocks`, loop controls, no HTML escaping).
///
/// Supported are `for` with filter, `else` and loop variables, `if`, `set` of names, tuples,
/// namespace members and blocks, `macro`, `break`, `continue`, `generation`, `raw`, all operators,
/// slices, and the filters, tests, functions and methods that chat templates use. Inclusion,
/// inheritance, `call` blocks, recursive loops and `safe`'s effect on `+` are not.
///
/// Templates come from strangers: whatever they do ends, with text or with an error.
package struct Template: Sendable {
  package let name: String
  private let body: [Statement]
  private let lines: SourceLines

  /// The longest template, in bytes; known ones have up to 30 kB.
  package static let byteLimit = 1 << 20

  /// Reads a template.
  ///
  /// - Parameter name: what errors call it, such as `chat_template.jinja`.
  /// - Throws: `TemplateError` with the place of what is not a template.
  package init(_ source: String, name: String) throws(TemplateError) {
    guard source.utf8.count <= Self.byteLimit else {
      throw TemplateError(
        name: name, line: 1, column: 1,
        message: "found \(source.utf8.count) bytes, expected at most \(Self.byteLimit)")
    }
    let scalars = Lexer.normalized(source)
    lines = SourceLines(scalars)
    self.name = name
    do throws(TemplateFailure) {
      var lexer = Lexer(scalars)
      var parser = Parser(try lexer.run())
      body = try parser.template()
    } catch {
      throw lines.error(error, name: name)
    }
  }

  /// Renders the template.
  ///
  /// - Parameters:
  ///   - variables: what names stand for, beside the functions that every template has:
  ///     `raise_exception`, `strftime_now`, `namespace`, `dict` and `range`.
  ///   - time: what `strftime_now` takes for now.
  /// - Throws: `TemplateError` with the place where the template fails, raises an exception
  ///   (`isRaised`) or exceeds a limit.
  package func render(
    _ variables: [String: TemplateValue], time: TemplateTime? = nil,
    limits: TemplateLimits = TemplateLimits()
  ) throws(TemplateError) -> RenderedTemplate {
    let evaluation = Evaluation(variables: variables, time: time, limits: limits)
    do throws(TemplateFailure) {
      _ = try evaluation.run(body, in: evaluation.root)
    } catch {
      throw lines.error(error, name: name)
    }
    return RenderedTemplate(
      text: evaluation.output, generated: evaluation.generated, times: evaluation.times)
  }
}

/// What a template gives.
package struct RenderedTemplate: Sendable, Hashable {
  package let text: String
  /// What stands in `{% generation %}` blocks, as ranges of UTF-8 offsets in `text`, in order.
  /// Blocks in macros and `set` blocks are left out: their text may come to stand elsewhere.
  package let generated: [Range<Int>]
  /// What `strftime_now` gave, in order: on another day it may give another text.
  package let times: [String]
}
