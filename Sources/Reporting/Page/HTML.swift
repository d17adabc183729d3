/// Pieces of the page. Every function escapes the text that it is given; what it returns is
/// markup.
package enum HTML {
  /// A whole page that may load nothing and run nothing.
  package static func page(title: String, css: String, _ main: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="color-scheme" content="light dark">
    <title>\(title.markup)</title>
    <style>
    \(css)</style>
    </head>
    <body>
    <main>
    \(main)</main>
    </body>
    </html>

    """
  }

  package static func element(
    _ name: String, class styles: String? = nil, _ markup: String
  ) -> String {
    let attribute = styles.map { " class=\"\($0.markup)\"" } ?? ""
    return "<\(name)\(attribute)>\(markup)</\(name)>\n"
  }

  package static func text(
    _ name: String, class styles: String? = nil, _ text: String
  ) -> String {
    element(name, class: styles, text.markup)
  }

  /// - Parameter wordColumns: leading columns of words; the others are numbers.
  package static func table(
    caption: String, header: [String], rows: [[String]], wordColumns: Int
  ) -> String {
    let head = header.enumerated().map { column, title in
      "<th scope=\"col\"\(column < wordColumns ? "" : " class=\"number\"")>\(title.markup)</th>"
    }.joined()
    let body = rows.map { row in
      let cells = row.enumerated().map { column, cell in
        if column == 0 { return "<th scope=\"row\">\(cell.markup)</th>" }
        return "<td\(column < wordColumns ? "" : " class=\"number\"")>\(cell.markup)</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }.joined()
    return element(
      "div", class: "table",
      "<table>\(text("caption", caption))<thead><tr>\(head)</tr></thead>\n"
        + "<tbody>\(body)</tbody></table>")
  }

  package static func details(_ summary: String, open: Bool = false, _ markup: String) -> String {
    let attribute = open ? " open=\"\"" : ""
    return "<details\(attribute)>\(text("summary", summary))\(markup)</details>\n"
  }

  package static func section(id: String, _ heading: String, _ markup: String) -> String {
    "<section id=\"\(id.markup)\">\n\(text("h2", heading))\(markup)</section>\n"
  }

  package static func figures(_ drawings: [String], class styles: String) -> String {
    element(
      "div", class: "figures \(styles)",
      "\n" + drawings.map { element("figure", $0) }.joined())
  }
}
