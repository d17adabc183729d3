import Core
// JSON is in Documents; importers of Formats find it there.
@_exported import Documents

/// `text` cut to 80 characters and on one line, fit for a message.
package func oneLine(_ text: String) -> String { text.onOneLine }
