/// The page's own files, which are part of the program.
enum PageFiles {
  /// Scripts in the order in which they are loaded.
  static let scripts = [
    "base", "source", "data", "parts", "plans", "answers", "answer", "compare", "scatter",
    "contrasts", "judges", "more", "start",
  ]

  /// The content of a file and its type; `nil`: there is none with that name.
  static func file(_ name: String) -> (bytes: [UInt8], type: String)? {
    let type =
      name.hasSuffix(".css") ? "text/css" : name.hasSuffix(".js") ? "text/javascript" : "text/html"
    return bytes(name).map { ($0, "\(type); charset=utf-8") }
  }

  private static func bytes(_ name: String) -> [UInt8]? {
    switch name {
    case "index.html": PackageResources.index_html
    case "view.css": PackageResources.view_css
    case "base.js": PackageResources.base_js
    case "source.js": PackageResources.source_js
    case "data.js": PackageResources.data_js
    case "parts.js": PackageResources.parts_js
    case "plans.js": PackageResources.plans_js
    case "answers.js": PackageResources.answers_js
    case "answer.js": PackageResources.answer_js
    case "compare.js": PackageResources.compare_js
    case "scatter.js": PackageResources.scatter_js
    case "contrasts.js": PackageResources.contrasts_js
    case "judges.js": PackageResources.judges_js
    case "more.js": PackageResources.more_js
    case "start.js": PackageResources.start_js
    default: nil
    }
  }
}
