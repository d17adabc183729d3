import Foundation
import Documents
import TestSupport
import Testing

/// Tables of random texts against Python's `csv`, both ways.
@Suite("Python's csv as counterpart", .needs(.main))
struct PythonCSVTests {
  /// Tables as nested lists, and each as Python's csv writes it, in turn with CRLF and LF.
  private struct Written: Decodable {
    var tables: [[[String]]]
    var texts: [String]
  }

  private static let writer = """
    import csv, io, json, random
    random.seed(7)
    letters = 'ab ,"\\n\\r\\t;\\'\\u00e9\\u2028\\U0001f600'
    # With LF at the ends of lines Python leaves a lone CR without quotes.
    def field(end):
        text = ''.join(random.choice(letters) for _ in range(random.randrange(6)))
        return text if end == '\\r\\n' else text.replace('\\r', 'r')
    tables, texts = [], []
    for case in range(400):
        width = random.randrange(1, 5)
        end = random.choice(['\\r\\n', '\\n'])
        table = [[f'c{i}' + field(end) for i in range(width)]]
        table += [[field(end) for _ in range(width)] for _ in range(random.randrange(6))]
        out = io.StringIO()
        quoting = random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        csv.writer(out, lineterminator=end, quoting=quoting).writerows(table)
        tables.append(table)
        texts.append(out.getvalue())
    print(json.dumps({'tables': tables, 'texts': texts}))
    """

  private static let reader = """
    import csv, io, json, sys
    print(json.dumps([list(csv.reader(io.StringIO(text, newline='')))
                      for text in json.load(open(sys.argv[1]))]))
    """

  @Test("What Python writes is read as it was, and the other way round")
  func bothWays() throws {
    let written: Written = try Python.main.report(.code(Self.writer))
    #expect(written.tables.count == 400)
    for (table, text) in zip(written.tables, written.texts) {
      let found = try CSVTable(parsing: Data(text.utf8), file: "t.csv")
      #expect(found.columns == table[0])
      #expect(found.rows.map(\.fields) == Array(table.dropFirst()), "\(text.debugDescription)")
    }
    let texts = written.tables.map { CSVText.table(columns: $0[0], rows: $0.dropFirst()) }
    let json = String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    let tables: [[[String]]] = try withTemporaryFile(json, named: "texts.json") {
      try Python.main.report(.code(Self.reader), [$0])
    }
    #expect(tables == written.tables)
  }
}
